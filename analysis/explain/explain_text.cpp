#include "analysis/explain/explain_text.hpp"

#include <fmt/format.h>

#include "analysis/results/figures.hpp"
#include "sim/units.hpp"

namespace fleetwatt::analysis {

namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(models::WeightPrecision precision) {
  for (const auto& entry : scenarios::weight_precisions) {
    if (entry.precision == precision) return entry.name;
  }
  return "";
}

std::string layout_words(const models::Deployment& deployment) {
  std::string words;
  const auto add = [&](const char* name, int ways) {
    if (ways > 1) words += fmt::format("{}{} {}", words.empty() ? " (" : ", ", name, ways);
  };
  add("tensor parallel", deployment.tensor_parallel);
  add("pipeline parallel", deployment.pipeline_parallel);
  add("data parallel", deployment.data_parallel);
  return words.empty() ? "" : words + ")";
}

std::string head_lines(const ServiceExplanation& explained) {
  const auto& question = explained.question;
  const int requests = explained.requests_held;
  return fmt::format(
      "{} in {} on {} x {}{}, {} ({})\n"
      "memory   weights {} GB a GPU of {} GB usable; cache {} tokens: {} request{} of {} + {} tokens\n",
      question.model.title, name_of(question.deployment.precision), gpus(question.deployment),
      question.accelerator.title, layout_words(question.deployment), question.engine.title,
      sim::name_of(question.engine.basis), figure(explained.weights_bytes_a_gpu / sim::bytes_from_gb(1.0)),
      figure(explained.usable_bytes_a_gpu / sim::bytes_from_gb(1.0)), count(explained.cache_tokens), count(requests),
      requests == 1 ? "" : "s", count(question.prompt_tokens), count(question.output_tokens));
}

std::string limit_words(const BatchExplanation& row) {
  return row.memory_full ? fmt::format("{}, memory full", row.limit) : std::string(row.limit);
}

std::string batch_table(const ServiceExplanation& explained, const Screen& screen) {
  const std::vector<Column> columns = {{"batch"},          {"TPOT ms"},           {"decode step ms"}, {"tokens/s"},
                                       {"first token ms"}, {"power W"},           {"of TDP"},         {"J/token"},
                                       {"J/request"},      {"limit", Align::left}};
  std::vector<std::vector<std::string>> rows;
  for (const auto& row : explained.rows) {
    rows.push_back({count(row.batch), figure(sim::ms_from_s(row.time_per_output_token_s)),
                    figure(sim::ms_from_s(row.decode_step_s)), figure(row.tokens_per_s),
                    figure(sim::ms_from_s(row.time_to_first_token_s)), figure(row.power_w), percent(row.tdp_fraction),
                    figure(row.energy_j_per_token), figure(row.energy_j_per_request), limit_words(row)});
  }
  return table(columns, rows, screen) +
         "steady batch of like requests, GPUs only; first token: without a queue\n"
         "TPOT: mean gap between tokens, others' prompts included, as in `run`; decode step: alone, while no prompt "
         "joins\n"
         "limit: the largest part of the mean iteration, experts with weights; power: stretched to stay at the TDP\n";
}

/// The least, the middle and the greatest of the batches.
std::vector<const BatchExplanation*> three_of(const std::vector<BatchExplanation>& rows) {
  std::vector<const BatchExplanation*> chosen = {&rows.front()};
  if (rows.size() > 2) chosen.push_back(&rows[(rows.size() - 1) / 2]);
  if (rows.size() > 1) chosen.push_back(&rows.back());
  return chosen;
}

class PartsTable {
 public:
  explicit PartsTable(const ServiceExplanation& explained) : shown_(three_of(explained.rows)) {}

  /// A row of ms and shares of `whole`.
  template <class Value, class Whole>
  void add(std::string_view name, std::string_view meaning, Value value, Whole whole) {
    std::vector<std::string> cells = {std::string(name)};
    for (const auto* row : shown_) {
      cells.push_back(figure(value(*row)));
      cells.push_back(percent(value(*row) / whole(*row)));
    }
    cells.emplace_back(meaning);
    rows_.push_back(std::move(cells));
  }

  [[nodiscard]] std::string text(const char* first_head, const Screen& screen) const {
    std::vector<Column> columns = {{first_head, Align::left}};
    for (const auto* row : shown_) {
      columns.push_back({fmt::format("batch {}", count(row->batch))});
      columns.push_back({"share", Align::right, true});
    }
    columns.push_back({"", Align::left});
    return table(columns, rows_, screen);
  }

 private:
  std::vector<const BatchExplanation*> shown_;
  std::vector<std::vector<std::string>> rows_;
};

double mean_gap_ms(const BatchExplanation& row) {
  return sim::ms_from_s(row.time_per_output_token_s);
}

double decode_ms(const BatchExplanation& row) {
  return sim::ms_from_s(sum_of(time_parts, row.decode_s));
}

std::string time_table(const ServiceExplanation& explained, const Screen& screen) {
  PartsTable parts(explained);
  for (const auto& part : time_parts) {
    const auto value = [&](const BatchExplanation& row) { return sim::ms_from_s(row.decode_s.*part.member); };
    if (std::ranges::any_of(explained.rows, [&](const auto& row) { return value(row) > 0.0; }))
      parts.add(part.name, part.meaning, value, mean_gap_ms);
  }
  parts.add("= decode", "a step alone, without prompts", decode_ms, mean_gap_ms);
  parts.add(
      "prompts", "what others' prompts add, on average",
      [](const BatchExplanation& row) { return sim::ms_from_s(row.prompts_s); }, mean_gap_ms);
  parts.add("= TPOT", "mean gap between two tokens of a request", mean_gap_ms, mean_gap_ms);
  return parts.text("ms a token", screen);
}

double token_j(const BatchExplanation& row) {
  return row.energy_j_per_token;
}

std::string energy_table(const ServiceExplanation& explained, const Screen& screen) {
  PartsTable parts(explained);
  for (const auto& part : energy_parts) {
    const auto value = [&](const BatchExplanation& row) { return row.energy_parts_j.*part.member; };
    if (std::ranges::any_of(explained.rows, [&](const auto& row) { return value(row) != 0.0; }))
      parts.add(part.name, part.meaning, value, token_j);
  }
  parts.add("= token", "prompts included", token_j, token_j);
  return parts.text("J a token", screen);
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json batch_json(const BatchExplanation& row) {
  Json json = {{"batch", row.batch},
               {"time_per_output_token_ms", number(mean_gap_ms(row))},
               {"decode_step_ms", number(sim::ms_from_s(row.decode_step_s))},
               {"tokens_per_s", row.tokens_per_s},
               {"time_to_first_token_ms", sim::ms_from_s(row.time_to_first_token_s)},
               {"power_w", row.power_w},
               {"tdp_fraction", row.tdp_fraction},
               {"energy_j_per_token", row.energy_j_per_token},
               {"energy_j_per_request", row.energy_j_per_request},
               {"limit", row.limit},
               {"memory_full", row.memory_full}};
  for (const auto& part : time_parts)
    json["time_per_output_token_ms_of"][part.name] = sim::ms_from_s(row.decode_s.*part.member);
  json["time_per_output_token_ms_of"]["prompts"] = number(sim::ms_from_s(row.prompts_s));
  json["mean_iteration_ms"] = sim::ms_from_s(row.mean_step_s);
  for (const auto& part : energy_parts) json["energy_j_per_token_of"][part.name] = row.energy_parts_j.*part.member;
  return json;
}

}  // namespace

std::string explanation_text(const ServiceExplanation& explained, const Screen& screen) {
  std::string text = head_lines(explained) + "\n" + batch_table(explained, screen) + "\n" +
                     time_table(explained, screen) + "\n" + energy_table(explained, screen);
  if (!explained.notes.empty()) text += "\n";
  for (const auto& note : explained.notes) text += "note: " + note + "\n";
  return wrapped(text, screen);
}

nlohmann::ordered_json explanation_json(const ServiceExplanation& explained) {
  const auto& question = explained.question;
  const auto& deployment = question.deployment;
  Json json = {{"model", question.model.id},
               {"precision", name_of(deployment.precision)},
               {"accelerator", question.accelerator.id},
               {"gpus", gpus(deployment)},
               {"tensor_parallel", deployment.tensor_parallel},
               {"pipeline_parallel", deployment.pipeline_parallel},
               {"data_parallel", deployment.data_parallel},
               {"engine", question.engine.id},
               {"engine_basis", sim::name_of(question.engine.basis)},
               {"weights_gb_per_gpu", explained.weights_bytes_a_gpu / sim::bytes_from_gb(1.0)},
               {"usable_gb_per_gpu", explained.usable_bytes_a_gpu / sim::bytes_from_gb(1.0)},
               {"cache_tokens", explained.cache_tokens},
               {"requests_held", explained.requests_held},
               {"prompt_tokens", question.prompt_tokens},
               {"output_tokens", question.output_tokens},
               {"batches", Json::array()},
               {"notes", explained.notes}};
  for (const auto& row : explained.rows) json["batches"].push_back(batch_json(row));
  return json;
}

}  // namespace fleetwatt::analysis
