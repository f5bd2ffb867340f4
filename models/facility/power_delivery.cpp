#include "models/facility/power_delivery.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/topological_sort.hpp>
#include <cassert>
#include <iterator>

namespace fleetwatt::models {

double efficiency(const LossCurve& curve, double load_fraction) {
  assert(load_fraction > 0.0);
  return load_fraction / (load_fraction + curve.loss_fraction(load_fraction));
}

PowerDelivery::PowerDelivery(const PowerDeliveryParameters& parameters, double it_capacity_w,
                             double mechanical_capacity_w)
    : stages_(stages_in_post_order(parameters)) {
  assert(it_capacity_w > 0.0 && mechanical_capacity_w >= 0.0 && parameters.oversize > 0.0 &&
         parameters.ups_modules > 0);
  rate(parameters.oversize, it_capacity_w, mechanical_capacity_w);
}

std::vector<PowerDelivery::Stage> PowerDelivery::stages_in_post_order(const PowerDeliveryParameters& parameters) {
  using Tree = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Stage>;
  Tree tree;
  const auto hang = [&](Tree::vertex_descriptor parent, const Stage& stage) {
    const auto child = boost::add_vertex(tree);
    tree[child] = stage;
    boost::add_edge(parent, child, tree);
    return child;
  };

  const bool doubled = parameters.redundancy == Redundancy::two_n;
  const int sides = doubled ? 2 : 1;
  const double share = 1.0 / sides;
  const double spare = sides;
  const double modules = parameters.ups_modules;
  const double ups_spare = parameters.redundancy == Redundancy::n_plus_1 ? (modules + 1.0) / modules : spare;

  const auto feed = boost::add_vertex(tree);
  for (int side = 0; side < sides; ++side) {
    const auto transformer = hang(feed, {.kind = Kind::transformer, .curve = parameters.transformer, .spare = spare});
    const auto ups = hang(transformer, {.kind = Kind::ups, .curve = parameters.ups, .spare = ups_spare});
    const auto pdu = hang(ups, {.kind = Kind::pdu, .curve = parameters.pdu, .spare = spare});
    hang(pdu, {.kind = Kind::cabling, .curve = parameters.cabling, .spare = spare, .load_share = share});
    hang(transformer, {.kind = Kind::mechanical, .spare = spare, .load_share = share});
  }

  std::vector<Tree::vertex_descriptor> order;
  boost::topological_sort(tree, std::back_inserter(order));  // an edge's end before its beginning: children first
  std::vector<std::size_t> position(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;

  std::vector<Stage> stages(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) stages[i] = tree[order[i]];
  stages.back().parent = order.size() - 1;
  for (auto [edge, end] = boost::edges(tree); edge != end; ++edge) {
    stages[position[boost::target(*edge, tree)]].parent = position[boost::source(*edge, tree)];
  }
  assert(stages.size() <= max_stages && stages.back().kind == Kind::feed);
  return stages;
}

double PowerDelivery::own_load_w(const Stage& stage, double it_w, double mechanical_w) {
  return stage.load_share * (stage.kind == Kind::mechanical ? mechanical_w : it_w);
}

void PowerDelivery::rate(double oversize, double it_capacity_w, double mechanical_capacity_w) {
  std::vector<double> from_children_w(stages_.size(), 0.0);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    Stage& stage = stages_[i];
    const double output_w = from_children_w[i] + own_load_w(stage, it_capacity_w, mechanical_capacity_w);
    const bool lossless = stage.kind == Kind::feed || stage.kind == Kind::mechanical;
    stage.rating_w = lossless ? 0.0 : oversize * stage.spare * output_w;
    const double loss_w = lossless ? 0.0 : stage.rating_w * stage.curve.loss_fraction(output_w / stage.rating_w);
    if (stage.parent != i) from_children_w[stage.parent] += output_w + loss_w;
  }
}

void PowerDelivery::add_loss(PowerFlow& flow, Kind kind, double loss_w) {
  switch (kind) {
    case Kind::transformer:
      flow.transformer_loss_w += loss_w;
      break;
    case Kind::ups:
      flow.ups_loss_w += loss_w;
      break;
    case Kind::pdu:
      flow.pdu_loss_w += loss_w;
      break;
    case Kind::cabling:
      flow.cabling_loss_w += loss_w;
      break;
    case Kind::feed:
    case Kind::mechanical:
      break;
  }
}

PowerFlow PowerDelivery::flow(double it_w, double mechanical_w) const {
  assert(it_w >= 0.0 && mechanical_w >= 0.0);
  constexpr double rounding = 1e-9;
  PowerFlow flow;
  std::array<double, max_stages> output_w{};  // starts as what the children take
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    output_w[i] += own_load_w(stage, it_w, mechanical_w);
    double loss_w = 0.0;
    if (stage.rating_w > 0.0) {
      const double load_fraction = output_w[i] / stage.rating_w;
      loss_w = stage.rating_w * stage.curve.loss_fraction(std::min(load_fraction, 1.0));
      flow.load_over_rating = std::max(flow.load_over_rating, load_fraction);
      add_loss(flow, stage.kind, loss_w);
    }
    if (stage.parent != i) output_w[stage.parent] += output_w[i] + loss_w;
  }
  flow.overloaded = flow.load_over_rating > 1.0 + rounding;
  flow.facility_w = output_w[stages_.size() - 1];
  return flow;
}

}  // namespace fleetwatt::models
