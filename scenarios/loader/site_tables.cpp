#include "scenarios/loader/site_tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/workload/text_lines.hpp"
#include "scenarios/loader/file_text.hpp"
#include "scenarios/loader/merge.hpp"
#include "scenarios/loader/overrides.hpp"
#include "scenarios/schema/nearest.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

const Node& empty_table() {
  static const Node table;
  return table;
}

/// A template is to its sites what a base is to a file.
Node as_base(Node node) {
  if (node.origin.kind == OriginKind::file) node.origin.kind = OriginKind::base_file;
  for (auto& [key, child] : node.table) child = as_base(std::move(child));
  return node;
}

class SiteTableReader {
 public:
  SiteTableReader(Node& document, const Node& spec, Diagnostics& diagnostics)
      : document_(document), spec_(spec), diagnostics_(diagnostics) {}

  std::optional<SiteTableText> read() {
    const Node* file = spec_.child("file");
    if (file == nullptr || file->kind != Node::Kind::text || !find_template())
      return std::nullopt;  // the format's description says so
    SiteTableText table{file->text, resolve_path(file->text, file->origin), {}};
    table.text = read_named_file(table.file, file->origin);
    diagnostics_.add_source(table.file, table.text);
    file_name_ = table.file;
    const auto lines = models::lines_of(table.text, '#');
    if (lines.empty())
      diagnostics_.error(at(0), "the site table is empty",
                         "a header line of key paths, `name` among them, then one row a site");
    else if (read_header(lines.front())) {
      for (std::size_t i = 1; i < lines.size(); ++i) read_row(lines[i]);
    }
    return table;
  }

 private:
  [[nodiscard]] Origin at(int line) const { return {spec_.origin.kind, {file_name_, line, 0}, 1}; }

  bool find_template() {
    const Node* name = spec_.child("template");
    if (name == nullptr) return true;
    const Node* templates = document_.child("template");
    template_ = templates == nullptr ? nullptr : templates->child(name->text);
    if (template_ != nullptr) return true;
    std::vector<std::string> known;
    if (templates != nullptr) {
      for (const auto& [key, child] : templates->table) known.push_back(key);
    }
    diagnostics_.error(name->origin, fmt::format("no template `{}`", name->text),
                       known.empty() ? "give it a [template.NAME]" : suggestion(name->text, known));
    return false;
  }

  bool read_header(const models::TextLine& line) {
    bool sound = true;
    columns_ = models::cells_of(line.text);
    for (const auto& column : columns_) {
      if (column == "name") continue;
      const PathLookup lookup = find_field("site.any." + column);
      if (lookup.field != nullptr) continue;
      diagnostics_.error(at(line.number), fmt::format("column `{}` is no key of a site", column),
                         suggestion(lookup.wrong, lookup.known));
      sound = false;
    }
    if (std::ranges::find(columns_, "name") != columns_.end()) return sound;
    diagnostics_.error(at(line.number), "the site table has no column `name`", "one column names the sites");
    return false;
  }

  void read_row(const models::TextLine& line) {
    const auto cells = models::cells_of(line.text);
    if (cells.size() != columns_.size()) {
      diagnostics_.error(at(line.number), fmt::format("{} fields, the header has {}", cells.size(), columns_.size()),
                         "mend or remove the row");
      return;
    }
    const std::string& name = cells[static_cast<std::size_t>(std::ranges::find(columns_, "name") - columns_.begin())];
    if (name.empty() || name.find('.') != std::string::npos) {
      diagnostics_.error(at(line.number), fmt::format("`{}` is no name for a site", name),
                         "letters, digits and dashes");
      return;
    }
    if (std::ranges::find(names_, name) != names_.end()) {
      diagnostics_.error(at(line.number), fmt::format("site `{}` is there twice", name), "one row a site");
      return;
    }
    names_.push_back(name);
    add_site(name, row_as_table(cells, line.number));
  }

  [[nodiscard]] Node row_as_table(const std::vector<std::string>& cells, int line) const {
    Node row;
    row.origin = row.key_origin = at(line);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i] == "name" || cells[i].empty()) continue;
      const PathLookup lookup = find_field("site.any." + columns_[i]);
      lay_value(row, split_path(columns_[i]), value_from_text(*lookup.field, cells[i], at(line)),
                scenarios::site_table());
    }
    return row;
  }

  void add_site(const std::string& name, const Node& row) {
    Node site = template_ == nullptr ? empty_table() : as_base(*template_);
    merge(site, row, &scenarios::site_table());
    Node& sites = document_.table["site"];
    const auto [place, is_new] = sites.table.try_emplace(name, site);
    if (is_new) return;
    merge(site, place->second, &scenarios::site_table());  // what the scenario itself says of the site is the last word
    place->second = std::move(site);
  }

  Node& document_;
  const Node& spec_;
  Diagnostics& diagnostics_;
  const Node* template_ = nullptr;
  std::string file_name_;
  std::vector<std::string> columns_;
  std::vector<std::string> names_;
};

}  // namespace

std::vector<SiteTableText> expand_site_tables(Node& document, Diagnostics& diagnostics) {
  std::vector<SiteTableText> texts;
  const Node* tables = document.child("site_table");
  if (tables == nullptr) return texts;
  for (const auto& [name, spec] : tables->table) {
    try {
      if (auto text = SiteTableReader(document, spec, diagnostics).read()) texts.push_back(std::move(*text));
    } catch (const sim::InputError& error) {
      diagnostics.add(error);
    }
  }
  return texts;
}

}  // namespace fleetwatt::scenarios
