#include "analysis/calibrate/row_errors.hpp"

namespace fleetwatt::analysis {

RowErrors row_errors(const std::vector<ServingMeasurement>& rows, const std::vector<models::SteadyState>& predictions,
                     const std::function<bool(const ServingMeasurement&)>& wanted) {
  std::vector<double> inter_token, throughput, power, energy;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const auto& predicted = predictions[i];
    if (!row.left_out.empty() || !wanted(row)) continue;
    if (row.median_is_decode) inter_token.push_back(predicted.inter_token_s / row.inter_token_s - 1.0);
    throughput.push_back(predicted.tokens_per_s / row.tokens_per_s - 1.0);
    power.push_back(predicted.power_w / row.power_w - 1.0);
    energy.push_back(predicted.energy_j_per_token / row.energy_j_per_token() - 1.0);
  }
  return {summarise(inter_token), summarise(throughput), summarise(power), summarise(energy)};
}

}  // namespace fleetwatt::analysis
