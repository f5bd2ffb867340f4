#include "models/workload/request_trace.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <iostream>
#include <set>
#include <span>
#include <sstream>

#include "sim/error.hpp"
#include "sim/random_stream.hpp"
#include "sim/units.hpp"
#include "tests/examples/measured_data.hpp"

using namespace fleetwatt;
using models::copy_offsets;
using models::parse_request_trace;
using models::Request;
using models::RequestTrace;
using models::TraceReplay;
using models::TraceReplaySpec;

namespace {

constexpr double tick_accuracy_s = 1.0 / static_cast<double>(sim::Duration::ticks_per_s);

sim::Duration seconds(double value_s) {
  return sim::Duration::from_s(value_s);
}

const std::string header = "TIMESTAMP,ContextTokens,GeneratedTokens\n";
const std::string three_rows =
    header + "2023-11-16 18:15:46.5,374,44\n2023-11-16 18:15:50.25,396,109\n2023-11-16 18:15:51.5,879,55\n";

RequestTrace parse(const std::string& text) {
  return parse_request_trace(text, "t.csv");
}

void check_three_rows(const RequestTrace& trace) {
  REQUIRE(trace.entries.size() == 3);
  CHECK(trace.entries[0].since_first == seconds(0));
  CHECK(trace.entries[1].since_first == seconds(3.75));
  CHECK(trace.entries[2].since_first == seconds(5));
  CHECK(trace.entries[0].prompt_tokens == 374);
  CHECK(trace.entries[2].prompt_tokens == 879);
  CHECK(trace.entries[1].output_tokens == 109);
  CHECK(trace.period == seconds(7.5));  // 5 s + mean gap of 2.5 s
  CHECK(trace.raised_to_one == 0);
}

/// 40 requests at whole and odd seconds, two at one time.
std::shared_ptr<const RequestTrace> small_trace() {
  auto trace = std::make_shared<RequestTrace>();
  sim::RandomStream stream(5, "test", "trace");
  sim::Duration at;
  for (int i = 0; i < 40; ++i) {
    trace->entries.push_back({at, 10 + i, 1 + i});
    if (i != 20) at += i % 4 == 0 ? seconds(3) : seconds(6 * stream.uniform());
  }
  trace->period = trace->entries.back().since_first + seconds(2.5);
  return trace;
}

std::vector<Request> replay(
    const TraceReplaySpec& spec, double tick_s, int ticks,
    const std::function<double(int)>& factor = [](int) { return 1.0; }) {
  TraceReplay replay(spec);
  std::vector<Request> requests;
  for (int i = 0; i < ticks; ++i) {
    const std::size_t before = requests.size();
    const sim::SimTime start = sim::SimTime::at(seconds(tick_s) * i);
    replay.append_tick(start, seconds(tick_s), factor(i), requests);
    for (std::size_t k = before; k < requests.size(); ++k) {
      REQUIRE(requests[k].arrival >= start);
      REQUIRE(requests[k].arrival < start + seconds(tick_s));
      if (k > 0) REQUIRE(requests[k - 1].arrival <= requests[k].arrival);
    }
  }
  return requests;
}

/// Arrivals of one copy at the trace's own pace, by hand: lap after lap.
std::vector<sim::SimTime> expected_arrivals(const RequestTrace& trace, sim::Duration offset, double length_s) {
  std::vector<sim::SimTime> arrivals;
  for (int lap = 0; lap < 1000; ++lap) {
    for (const auto& entry : trace.entries) {
      const sim::Duration at = trace.period * lap + entry.since_first - offset;
      if (at >= sim::Duration() && at < seconds(length_s)) arrivals.push_back(sim::SimTime::at(at));
    }
  }
  return arrivals;
}

std::set<std::uint64_t> ids_of(const std::vector<Request>& requests) {
  std::set<std::uint64_t> ids;
  for (const auto& request : requests) ids.insert(request.id);
  return ids;
}

}  // namespace

TEST_CASE("a trace is times since the first request, and tokens", "[unit]") {
  check_three_rows(parse(three_rows));
}

TEST_CASE("byte-order mark, CRLF, blank lines, comments and a missing last newline are accepted", "[unit]") {
  std::string crlf = "\xEF\xBB\xBF# a note\n";
  for (const char c : three_rows) crlf += c == '\n' ? std::string("\r\n\r\n") : std::string(1, c);
  check_three_rows(parse(crlf));
  check_three_rows(parse(three_rows.substr(0, three_rows.size() - 1)));
}

TEST_CASE("columns may come in any order, with others between, in quotes", "[unit]") {
  check_three_rows(
      parse("model,GeneratedTokens,\"TIMESTAMP\",note, ContextTokens\n"
            "a,44,2023-11-16 18:15:46.5,\"x, y\",374\n"
            "b,109,2023-11-16T18:15:50.25Z,,396\n"
            "c,55,2023-11-16 18:15:51.5,,879\n"));
}

TEST_CASE("seven digits of a second are read to the tick", "[unit]") {
  const auto trace = parse(header + "2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n");
  CHECK(std::fabs(trace.entries[1].since_first.s() - 4.3145790) <= tick_accuracy_s);
  // The fraction may be smaller than the one before.
  const auto back = parse(header + "2023-11-16 23:59:59.9999999,1,1\n2023-11-17 00:00:01.0000001,1,1\n");
  CHECK(std::fabs(back.entries[1].since_first.s() - 1.0000002) <= tick_accuracy_s);
}

TEST_CASE("requests of one moment are kept, in their order", "[unit]") {
  const auto trace = parse(header + "2023-11-16 00:00:00,1,1\n2023-11-16 00:00:00,2,1\n2023-11-16 00:00:00,3,1\n");
  CHECK(trace.entries[1].prompt_tokens == 2);
  CHECK(trace.period > sim::Duration());  // or replay would never advance
}

TEST_CASE("no generated tokens count as one and are told, no prompt counts as one", "[unit]") {
  const auto trace = parse(header + "2023-11-16 00:00:00,0,5\n2023-11-16 00:00:01,7,0\n2023-11-16 00:00:02,0,0\n");
  CHECK(trace.raised_to_one == 2);
  CHECK(trace.entries[0].prompt_tokens == 1);
  CHECK(trace.entries[1].output_tokens == 1);
}

TEST_CASE("faults of a trace: where, what, and the mend", "[unit]") {
  const std::string row = "2023-11-16 00:00:00,1,1\n";
  const std::string later = "2023-11-16 00:00:01,1,1\n";
  const std::string columns = "       a request trace has the columns TIMESTAMP, ContextTokens and GeneratedTokens\n";
  CHECK_THROWS_WITH(parse(""), "t.csv: error: the trace is empty\n       a header line and at least two requests\n");
  CHECK_THROWS_WITH(parse("# only a note\n"),
                    "t.csv: error: the trace is empty\n       a header line and at least two requests\n");
  CHECK_THROWS_WITH(parse("time,ContextTokens\n" + row),
                    "t.csv:1: error: the trace has no column `TIMESTAMP`\n" + columns +
                        "t.csv:1: error: the trace has no column `GeneratedTokens`\n" + columns);
  CHECK_THROWS_WITH(parse("TIMESTAMP,GeneratedTokens\n"),
                    "t.csv:1: error: the trace has no column `ContextTokens`\n" + columns);
  CHECK_THROWS_WITH(parse(header + row + "2023-11-16 00:00:01,1\n" + later),
                    "t.csv:3: error: 2 fields, the header has 3\n       mend or remove the row\n");
  CHECK_THROWS_WITH(parse(header + row + "16 Nov 2023,1,1\n" + later),
                    "t.csv:3: error: `16 Nov 2023` is no time\n       written as 2023-11-16 18:15:46.6805900\n");
  for (const std::string bad : {"x", "-1", "1.5", "", "2e8", "nan"}) {
    INFO(bad);
    CHECK_THROWS_WITH(parse(header + row + "2023-11-16 00:00:01," + bad + ",1\n" + later),
                      "t.csv:3: error: `" + bad +
                          "` in column ContextTokens is not a number of tokens\n       a whole number, 0 or more\n");
    CHECK_THROWS_WITH(parse(header + row + "2023-11-16 00:00:01,1," + bad + "\n" + later),
                      "t.csv:3: error: `" + bad +
                          "` in column GeneratedTokens is not a number of tokens\n       a whole number, 0 or more\n");
  }
  CHECK_THROWS_WITH(
      parse(header + later + "\n" + row),
      "t.csv:4: error: the request arrives before the one above it\n       sort the trace by TIMESTAMP\n");
  CHECK_THROWS_WITH(
      parse(header + row),
      "t.csv: error: the trace has fewer than two requests\n       at least two are needed to know its period\n");
  CHECK_THROWS_WITH(parse(header + row + "2043-11-16 00:00:00,1,1\n"),
                    "t.csv:3: error: the request is more than a year away from the first one\n"
                    "       a trace covers a year at most\n");
  CHECK_THROWS_WITH(parse(header + row + "1923-11-16 00:00:00,1,1\n"),
                    "t.csv:3: error: the request is more than a year away from the first one\n"
                    "       a trace covers a year at most\n");
  CHECK_THROWS_AS(parse(header + row), sim::InputError);
}

TEST_CASE("all faults of a trace come at once, without guesses that follow from them", "[unit]") {
  try {
    parse(header + "x,1,y\n2023-11-16 00:00:00,1\n");
    FAIL("not refused");
  } catch (const sim::InputError& error) {
    REQUIRE(error.diagnostics().size() == 3);  // and not "fewer than two requests"
    CHECK(error.diagnostics()[0].place.line == 2);
    CHECK(error.diagnostics()[1].place.line == 2);
    CHECK(error.diagnostics()[2].place.line == 3);
  }
}

TEST_CASE("at the trace's own pace each entry comes once a lap, at its time, whatever the tick", "[unit]") {
  const auto trace = small_trace();
  for (const auto& [tick_s, ticks] : {std::pair{1.0, 1200}, {7.0, 171}, {0.125, 9600}, {300.0, 4}, {1200.0, 1}}) {
    INFO("ticks of " << tick_s << " s");
    const auto requests = replay({.trace = trace, .copy_offsets = {sim::Duration()}}, tick_s, ticks);
    const auto expected = expected_arrivals(*trace, sim::Duration(), tick_s * ticks);
    REQUIRE(expected.size() > 3 * trace->entries.size());
    REQUIRE(requests.size() == expected.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      REQUIRE(requests[i].arrival == expected[i]);
      REQUIRE(requests[i].prompt_tokens == trace->entries[i % trace->entries.size()].prompt_tokens);
      REQUIRE(requests[i].output_tokens == trace->entries[i % trace->entries.size()].output_tokens);
    }
    CHECK(ids_of(requests).size() == requests.size());
  }
}

TEST_CASE("requests keep their identity whatever the tick and the factor", "[unit]") {
  const auto trace = small_trace();
  const TraceReplaySpec spec{.trace = trace, .copy_offsets = {sim::Duration()}};
  const auto fine = replay(spec, 1, 600);
  const auto coarse = replay(spec, 60, 10);
  const auto slow = replay(spec, 60, 20, [](int) { return 0.5; });
  REQUIRE(fine.size() == coarse.size());
  REQUIRE(fine.size() == slow.size());
  for (std::size_t i = 0; i < fine.size(); ++i) {
    REQUIRE(fine[i].id == coarse[i].id);
    REQUIRE(fine[i].id == slow[i].id);
    CHECK(std::fabs(2 * fine[i].arrival.s() - slow[i].arrival.s()) < 2 * tick_accuracy_s);
  }
}

TEST_CASE("under a changing factor trace time is its integral, and nothing is lost or doubled", "[unit]") {
  const auto trace = small_trace();
  const auto factor = [](int tick) { return 0.3 + 0.17 * (tick % 11); };
  double trace_time_s = 0.0;
  for (int tick = 0; tick < 200; ++tick) trace_time_s += 7 * factor(tick);
  const auto requests = replay({.trace = trace, .copy_offsets = {sim::Duration()}}, 7, 200, factor);
  CHECK(requests.size() == expected_arrivals(*trace, sim::Duration(), trace_time_s).size());
  CHECK(ids_of(requests).size() == requests.size());
}

TEST_CASE("a tick with factor 0 holds the trace", "[unit]") {
  const auto trace = small_trace();
  const TraceReplaySpec spec{.trace = trace, .copy_offsets = {sim::Duration()}};
  const auto held = replay(spec, 10, 100, [](int tick) { return tick < 50 ? 0.0 : 1.0; });
  const auto plain = replay(spec, 10, 50);
  REQUIRE(held.size() == plain.size());
  for (std::size_t i = 0; i < held.size(); ++i) REQUIRE(held[i].arrival == plain[i].arrival + seconds(500));
}

TEST_CASE("without repetition the trace plays once", "[unit]") {
  const auto trace = small_trace();
  const auto requests = replay({.trace = trace, .copy_offsets = {sim::Duration()}, .repeat = false}, 60, 50);
  CHECK(requests.size() == trace->entries.size());
}

TEST_CASE("copies superpose: each is the trace from its own offset", "[unit]") {
  const auto trace = small_trace();
  const std::vector<sim::Duration> offsets = {seconds(0), seconds(31.7), seconds(77)};
  const auto requests = replay({.trace = trace, .copy_offsets = offsets}, 30, 20);
  std::vector<sim::SimTime> expected;
  for (const auto offset : offsets) {
    for (const auto arrival : expected_arrivals(*trace, offset, 600)) expected.push_back(arrival);
  }
  std::ranges::sort(expected);
  REQUIRE(requests.size() == expected.size());
  for (std::size_t i = 0; i < requests.size(); ++i) REQUIRE(requests[i].arrival == expected[i]);
  CHECK(ids_of(requests).size() == requests.size());
}

TEST_CASE("offsets are seeded, differ, and lie within the period, one copy has none", "[unit]") {
  const auto trace = small_trace();
  CHECK(copy_offsets(*trace, 1, 9, "chat") == std::vector{sim::Duration()});
  const auto offsets = copy_offsets(*trace, 100, 9, "chat");
  CHECK(std::set(offsets.begin(), offsets.end()).size() == 100);
  CHECK(std::ranges::min(offsets) >= sim::Duration());
  CHECK(std::ranges::max(offsets) < trace->period);
  double sum_s = 0.0;
  for (const auto offset : offsets) sum_s += offset.s();
  CHECK(std::fabs(sum_s / 100 / trace->period.s() - 0.5) < 4 * std::sqrt(1.0 / 12 / 100));
  CHECK(offsets == copy_offsets(*trace, 100, 9, "chat"));
  CHECK(offsets != copy_offsets(*trace, 100, 10, "chat"));
  CHECK(offsets != copy_offsets(*trace, 100, 9, "code"));
  const auto fewer = copy_offsets(*trace, 50, 9, "chat");  // more copies leave the first ones where they are
  CHECK(std::ranges::equal(fewer, std::span(offsets).first(50)));
}

TEST_CASE("shares partition the requests: each goes to one pool", "[unit]") {
  const auto trace = small_trace();
  const auto offsets = copy_offsets(*trace, 20, 1, "chat");
  const auto ids_in = [&](double low, double high, std::uint64_t key) {
    const auto requests =
        replay({.trace = trace, .copy_offsets = offsets, .routing_key = key, .share = {low, high}}, 60, 30);
    const auto ids = ids_of(requests);
    REQUIRE(ids.size() == requests.size());
    return ids;
  };
  const auto all = ids_in(0.0, 1.0, 42);
  std::set<std::uint64_t> together;
  std::size_t sum = 0;
  const double third = 1.0 / 3.0;
  for (const auto& [low, high] : {std::pair{0.0, 0.2}, {0.2, third}, {third, third}, {third, 1.0}}) {
    const auto part = ids_in(low, high, 42);
    const double expected = (high - low) * static_cast<double>(all.size());
    CHECK(std::fabs(static_cast<double>(part.size()) - expected) <= 4 * std::sqrt(expected));
    together.insert(part.begin(), part.end());
    sum += part.size();
  }
  CHECK(together == all);
  CHECK(sum == all.size());
  CHECK(ids_in(0.0, 0.2, 42) != ids_in(0.0, 0.2, 43));
}

TEST_CASE("the Azure conversation trace of 2023", "[unit]") {
  const char* data = fleetwatt::tests::measured_data();
  if (data == nullptr) return;
  const std::string path = std::string(data) + "/llm-traces/azure-2023-conversation.csv";
  std::ifstream file(path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  const auto trace = std::make_shared<const RequestTrace>(parse_request_trace(text.str(), path));
  // Workload figures: 19,366 requests in 58.4 min, context 1,154.7 and generated 211.1 tokens on average.
  CHECK(trace->entries.size() == 19'366);
  CHECK(std::fabs(trace->entries.back().since_first.s() / sim::seconds_per_minute - 58.4) <= 0.05);
  double prompt = 0.0;
  double output = 0.0;
  for (const auto& entry : trace->entries) {
    prompt += entry.prompt_tokens;
    output += entry.output_tokens;
  }
  CHECK(std::fabs(prompt / 19'366 - 1154.7) <= 0.05);
  CHECK(std::fabs(output / 19'366 - 211.1) <= 0.05);
  const auto requests = replay({.trace = trace, .copy_offsets = {sim::Duration()}}, 300, 288);  // a day
  CHECK(requests.size() == expected_arrivals(*trace, sim::Duration(), sim::seconds_per_day).size());
}
