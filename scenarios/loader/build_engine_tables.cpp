// The files of an engine's measured tables: read once, kept for all pools that use them.
#include <optional>
#include <set>

#include "scenarios/loader/engine_tables.hpp"
#include "scenarios/loader/fleet_builder.hpp"

namespace fleetwatt::scenarios {

namespace {

/// Reads the files of one engine; a fault of one does not hide those of the others.
class TableFiles {
 public:
  TableFiles(FleetBuilder& builder, const std::string& engine, int tensor_parallel)
      : builder_(builder), path_(join_path("catalog.engine", engine) + ".tables"), degree_(tensor_parallel) {}

  std::shared_ptr<const models::IterationTables> read(const EngineTablesSpec& spec) {
    models::IterationTables tables;
    read_file("dense_operators", spec.dense_operators, read_token_table, tables.dense_operators);
    read_file("decode_attention", spec.decode_attention, read_decode_table, tables.decode_attention);
    read_file("prefill_attention", spec.prefill_attention, read_prefill_table, tables.prefill_attention);
    if (!spec.collectives.empty())
      read_file("collectives", spec.collectives, read_token_table, tables.collectives.emplace());
    return any_fault_ ? nullptr : std::make_shared<const models::IterationTables>(std::move(tables));
  }

 private:
  template <class Table>
  void read_file(const std::string& key, const std::string& written,
                 Table (*reader)(std::string_view, const std::string&, int), Table& table) {
    const std::string path = path_ + "." + key;
    try {
      const auto name = name_of(path, written);
      if (name) table = reader(builder_.input_text(path, written), *name, degree_);
    } catch (const sim::InputError& error) {
      builder_.loaded.diagnostics.add(error);
      any_fault_ = true;
    }
  }

  /// Empty where the path begins with a variable that is not set: one complaint a variable.
  std::optional<std::string> name_of(const std::string& path, const std::string& written) {
    try {
      return builder_.input_name(path, written);
    } catch (const sim::InputError&) {
      if (unset_variables_.insert(written.substr(0, written.find('/'))).second) throw;
      return std::nullopt;
    }
  }

  FleetBuilder& builder_;
  std::string path_;
  int degree_ = 1;
  bool any_fault_ = false;
  std::set<std::string> unset_variables_;
};

}  // namespace

std::shared_ptr<const models::IterationTables> engine_tables_for(FleetBuilder& builder, const std::string& engine,
                                                                 int tensor_parallel) {
  const auto& spec = builder.scenario().catalog.engine.at(engine).tables;
  if (!spec) return nullptr;
  const auto [place, is_new] = builder.engine_tables.try_emplace({engine, tensor_parallel});
  if (is_new) place->second = TableFiles(builder, engine, tensor_parallel).read(*spec);
  return place->second;
}

}  // namespace fleetwatt::scenarios
