#include "analysis/results/table.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

namespace fleetwatt::analysis {

namespace {

using Row = std::vector<std::string>;
using Indices = std::vector<std::size_t>;

constexpr std::size_t gap = 3;
constexpr std::size_t indent = 2;  // of what stands below a label

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::size_t longest_word(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream stream(text);
  for (std::string word; stream >> word;) longest = std::max(longest, display_width(word));
  return longest;
}

/// Some of the columns, each with the width that it has on the screen.
struct Strip {
  Indices columns;
  std::vector<std::size_t> widths;
};

class Layout {
 public:
  Layout(const std::vector<Column>& columns, const std::vector<Row>& rows, const Screen& screen)
      : columns_(columns), rows_(rows), screen_(screen) {
    for (std::size_t i = 0; i < columns.size(); ++i) measure(i);
    label_ = {0};
    while (label_.size() < columns.size() && columns[label_.size()].joined) label_.push_back(label_.size());
    for (std::size_t i = label_.size(); i < columns.size(); ++i) rest_.push_back(i);
  }

  [[nodiscard]] std::string text() const {
    Indices all = label_;
    all.insert(all.end(), rest_.begin(), rest_.end());
    if (const auto strip = fitted(all, screen_.width)) return strip_text(*strip, 0);
    if (const auto strips = blocks()) {
      std::string text;
      for (const auto& strip : *strips) text += (text.empty() ? "" : "\n") + strip_text(strip, 0);
      return text;
    }
    if (const auto strip = fitted(rest_, screen_.width - std::min(screen_.width, indent))) return below_labels(*strip);
    return records();
  }

 private:
  void measure(std::size_t i) {
    constexpr std::size_t least_of_words = 24;
    std::size_t widest = display_width(columns_[i].head);
    std::size_t word = widest;
    for (const auto& row : rows_) {
      widest = std::max(widest, display_width(row[i]));
      word = std::max(word, longest_word(row[i]));
    }
    widths_.push_back(widest);
    const bool gives_way = i > 0 && columns_[i].align == Align::left;
    least_.push_back(gives_way ? std::min(widest, std::max(word, least_of_words)) : widest);
  }

  /// The columns side by side within `width`, those of words made narrower where they must; nullopt where even that is
  /// too wide.
  [[nodiscard]] std::optional<Strip> fitted(const Indices& columns, std::size_t width) const {
    Strip strip{columns, {}};
    std::size_t total = columns.empty() ? 0 : gap * (columns.size() - 1);
    for (const std::size_t i : columns) {
      strip.widths.push_back(widths_[i]);
      total += widths_[i];
    }
    for (; screen_.width > 0 && total > width; --total) {
      std::size_t widest = columns.size();
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const bool can_shrink = strip.widths[k] > least_[columns[k]];
        if (can_shrink && (widest == columns.size() || strip.widths[k] > strip.widths[widest])) widest = k;
      }
      if (widest == columns.size()) return std::nullopt;
      --strip.widths[widest];
    }
    return strip;
  }

  /// Labels repeated before as many columns as fit; nullopt where a label takes more than a third of the screen.
  [[nodiscard]] std::optional<std::vector<Strip>> blocks() const {
    std::size_t label_width = gap * (label_.size() - 1);
    for (const std::size_t i : label_) label_width += widths_[i];
    if (label_width > screen_.width / 3) return std::nullopt;
    std::vector<Strip> strips;
    Indices columns = label_;
    for (std::size_t i = 0; i < rest_.size();) {
      Indices group = {rest_[i]};
      for (++i; i < rest_.size() && columns_[rest_[i]].joined; ++i) group.push_back(rest_[i]);
      Indices longer = columns;
      longer.insert(longer.end(), group.begin(), group.end());
      if (!fitted(longer, screen_.width) && columns.size() > label_.size()) {
        strips.push_back(*fitted(columns, screen_.width));
        longer = label_;
        longer.insert(longer.end(), group.begin(), group.end());
      }
      if (!fitted(longer, screen_.width)) return std::nullopt;
      columns = std::move(longer);
    }
    strips.push_back(*fitted(columns, screen_.width));
    return strips;
  }

  /// One row, on as many lines as its longest cell takes.
  [[nodiscard]] std::string row_text(const Strip& strip, const Row& cells, std::size_t indented, bool is_head) const {
    std::vector<std::vector<std::string>> parts;
    std::size_t height = 1;
    for (std::size_t k = 0; k < strip.columns.size(); ++k) {
      parts.push_back(lines_of(filled(cells[strip.columns[k]], strip.widths[k], 0)));
      height = std::max(height, parts.back().size());
    }
    std::string text;
    for (std::size_t line = 0; line < height; ++line) {
      std::string cell_line(indented, ' ');
      for (std::size_t k = 0; k < parts.size(); ++k) {
        const std::string cell = line < parts[k].size() ? parts[k][line] : "";
        const std::size_t width = display_width(cell);
        const std::string blanks(strip.widths[k] > width ? strip.widths[k] - width : 0, ' ');
        const std::string shown = is_head ? painted(cell, Colour::bold, screen_) : cell;
        cell_line += (k == 0 ? "" : std::string(gap, ' ')) +
                     (columns_[strip.columns[k]].align == Align::right ? blanks + shown : shown + blanks);
      }
      cell_line.erase(cell_line.find_last_not_of(' ') + 1);
      text += cell_line + "\n";
    }
    return text;
  }

  [[nodiscard]] Row heads() const {
    Row heads;
    for (const auto& column : columns_) heads.push_back(column.head);
    return heads;
  }

  [[nodiscard]] std::string strip_text(const Strip& strip, std::size_t indented) const {
    std::string text = row_text(strip, heads(), indented, true);
    for (const auto& row : rows_) text += row_text(strip, row, indented, false);
    return text;
  }

  [[nodiscard]] static bool is_empty(const Row& row) {
    return std::ranges::all_of(row, [](const std::string& cell) { return cell.empty(); });
  }

  /// "claim   what", on lines of its own.
  [[nodiscard]] std::string label_text(const Row& row, bool is_head) const {
    std::string text;
    for (const std::size_t i : label_)
      text +=
          (text.empty() || row[i].empty() ? "" : "  ") + (is_head ? painted(row[i], Colour::bold, screen_) : row[i]);
    return filled(text, screen_.width, indent) + "\n";
  }

  [[nodiscard]] std::string below_labels(const Strip& strip) const {
    std::string text = label_text(heads(), true) + row_text(strip, heads(), indent, true);
    for (const auto& row : rows_)
      text += is_empty(row) ? "\n" : label_text(row, false) + row_text(strip, row, indent, false);
    return text;
  }

  [[nodiscard]] std::string records() const {
    std::size_t head_width = 0;
    for (const std::size_t i : rest_) head_width = std::max(head_width, display_width(columns_[i].head));
    const std::size_t begin = indent + head_width + gap;
    std::string text = label_text(heads(), true);
    for (const auto& row : rows_) {
      text += is_empty(row) ? "\n" : label_text(row, false);
      for (const std::size_t i : rest_) {
        if (row[i].empty()) continue;
        const std::string& head = columns_[i].head;
        const std::string line = std::string(indent, ' ') + painted(head, Colour::bold, screen_) +
                                 std::string(head_width - display_width(head) + gap, ' ') + row[i];
        text += filled(line, screen_.width, begin) + "\n";
      }
    }
    return text;
  }

  const std::vector<Column>& columns_;
  const std::vector<Row>& rows_;
  const Screen& screen_;
  std::vector<std::size_t> widths_;
  std::vector<std::size_t> least_;
  Indices label_;
  Indices rest_;
};

}  // namespace

std::string table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                  const Screen& screen) {
  return Layout(columns, rows, screen).text();
}

}  // namespace fleetwatt::analysis
