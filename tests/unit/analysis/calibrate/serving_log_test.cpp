#include "analysis/calibrate/serving_log.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>

#include "sim/error.hpp"
#include "tests/examples/measured_data.hpp"

using namespace fleetwatt;
using analysis::read_serving_log;
using analysis::ServingLog;
using analysis::ServingLogColumns;

namespace {

ServingLog read(const std::string& text, const ServingLogColumns& columns = {}) {
  return read_serving_log(text, "r.log", columns);
}

/// Every fault as `line: message [mend]`.
std::vector<std::string> faults_of(const std::string& text, const ServingLogColumns& columns = {}) {
  std::vector<std::string> faults;
  try {
    static_cast<void>(read(text, columns));
  } catch (const sim::InputError& error) {
    for (const auto& fault : error.diagnostics()) {
      CHECK(fault.place.file == "r.log");
      faults.push_back(std::to_string(fault.place.line) + ": " + fault.message + " [" + fault.mend + "]");
    }
  }
  return faults;
}

using Faults = std::vector<std::string>;

const std::string header = "arrival_s,prompt_tokens,output_tokens,first_token_s,end_s\n";
const std::string order = "a request's times run from arrival to queue, first token and end; are the columns right?";
const std::string tokens_mend =
    "a whole number, 1 or more; a request that failed is told by its status or an empty first token";

void check_request(const analysis::ServedRequest& request, double arrival_s, double first_token_s, double end_s,
                   int prompt_tokens, int output_tokens) {
  CHECK(request.arrival_s == Approx(arrival_s).margin(1e-9));
  CHECK(request.first_token_s == Approx(first_token_s).margin(1e-9));
  CHECK(request.end_s == Approx(end_s).margin(1e-9));
  CHECK(request.prompt_tokens == prompt_tokens);
  CHECK(request.output_tokens == output_tokens);
}

void check_two_requests(const ServingLog& log) {
  REQUIRE(log.requests.size() == 2);
  check_request(log.requests[0], 0.0, 0.25, 2.0, 100, 8);
  check_request(log.requests[1], 1.5, 1.75, 1.75, 200, 1);
  CHECK(log.first_arrival_s == 10.0);
  CHECK(log.failed == 0);
}

/// Two clocks 1000 s apart; requests queue 2 s and 3 s after their arrival, of which the 2 s are lost.
const std::string two_clocks =
    "{\"arrival_time\": 10, \"input_toks\": 100, \"output_toks\": 8, \"queued_ts\": 1012, \"first_token_ts\": 1014, "
    "\"last_token_ts\": 1016}\n"
    "{\"arrival_time\": 11, \"input_toks\": 200, \"output_toks\": 4, \"queued_ts\": 1014, \"first_token_ts\": 1015, "
    "\"last_token_ts\": 1018}\n";

}  // namespace

TEST_CASE("a serving log is times since the first arrival, sorted, and tokens", "[unit]") {
  const std::string rows = "11.5,200,1,11.75,11.75\n10,100,8,10.25,12\n";  // arrivals in any order
  check_two_requests(read(header + rows));
  std::string crlf = "\xEF\xBB\xBF# a note\n";
  for (const char c : header + rows) crlf += c == '\n' ? std::string("\r\n\r\n") : std::string(1, c);
  check_two_requests(read(crlf));
  check_two_requests(read(
      "\xEF\xBB\xBF  {\"arrival_s\": 11.5, \"prompt_tokens\": 200, \"output_tokens\": 1, \"first_token_s\": 11.75, "
      "\"end_s\": 11.75}\r\n\r\n"
      "{\"end_s\": 12, \"id\": \"a\", \"first_token_s\": \"10.25\", \"output_tokens\": 8.0, \"prompt_tokens\": 100, "
      "\"arrival_s\": 10, \"tags\": [1, {\"x\": 2}]}"));
}

TEST_CASE("columns are recognised among the names that tools write, whatever their case", "[unit]") {
  check_two_requests(
      read("Timestamp,Input_Tokens,completion_tokens,TTFT,latency\n10,100,8,0.25,2\n11.5,200,1,0.25,0.25\n"));
  check_two_requests(
      read("timestamp,prompt_tokens,output_tokens,ttft_s,e2e_latency_s\n10,100,8,0.25,2\n"
           "11.5,200,1,0.25,0.25\n"));
  check_two_requests(
      read("timestamp_ms,prompt_tokens,output_tokens,ttft_ms,e2e_latency_ms\n10000,100,8,250,2000\n"
           "11500,200,1,250,250\n"));
  check_two_requests(  // moments before durations
      read("arrival_time,prompt_len,output_len,ttft,first_token_time,latency,end_time\n10,100,8,7,10.25,7,12\n"
           "11.5,200,1,7,11.75,7,11.75\n"));
}

TEST_CASE("columns may be named", "[unit]") {
  const std::string odd = "born,in,out,heard,gone,heard_after_us,gone_after\n10,100,8,10.25,12,250000,2\n";
  const ServingLog moments = read(
      odd, {.arrival = "born", .prompt_tokens = "in", .output_tokens = "out", .first_token = "heard", .end = "gone"});
  check_request(moments.requests[0], 0.0, 0.25, 2.0, 100, 8);
  const ServingLog durations = read(odd, {.arrival = "born",
                                          .prompt_tokens = "in",
                                          .output_tokens = "out",
                                          .time_to_first_token = "heard_after_us",
                                          .latency = "gone_after"});
  check_request(durations.requests[0], 0.0, 0.25, 2.0, 100, 8);
  const ServingLog named_duration = read(  // a named duration goes before a recognised moment
      "arrival_s,prompt_tokens,output_tokens,first_token_s,end_s,wait\n10,100,8,11,12,0.25\n",
      {.time_to_first_token = "wait"});
  check_request(named_duration.requests[0], 0.0, 0.25, 2.0, 100, 8);
}

TEST_CASE("times may be dates", "[unit]") {
  const ServingLog log = read(header +
                              "2024-07-15T01:00:00.5Z,100,8,2024-07-15T01:00:01.5Z,2024-07-15 03:00:03+02:00\n"
                              "2024/07/15 01:00:01.0,100,8,2024/07/15 01:00:01.5,2024/07/15 01:00:02\n");
  REQUIRE(log.requests.size() == 2);
  CHECK(log.first_arrival_s == 1'721'005'200.5);  // date -ud 2024-07-15T01:00Z +%s
  CHECK(log.requests[0].first_token_s == Approx(1.0).margin(1e-6));
  CHECK(log.requests[0].end_s == Approx(2.5).margin(1e-6));
  CHECK(log.requests[1].arrival_s == Approx(0.5).margin(1e-6));
}

TEST_CASE("two clocks are aligned by the smallest wait for the queue", "[unit]") {
  const ServingLog log = read(two_clocks);
  REQUIRE(log.requests.size() == 2);
  check_request(log.requests[0], 0.0, 2.0, 4.0, 100, 8);  // 1014 - (1012 - 10) - 10
  check_request(log.requests[1], 1.0, 3.0, 6.0, 200, 4);
  CHECK(log.first_arrival_s == 10.0);
}

TEST_CASE("a queue of the arrivals' own clock moves nothing", "[unit]") {
  const ServingLog log = read(
      "arrival_s,queued_ts,prompt_tokens,output_tokens,first_token_s,end_s\n10,10.125,100,8,10.25,12\n"
      "11,,100,8,11.25,12\n");
  check_request(log.requests[0], 0.0, 0.25, 2.0, 100, 8);
  check_request(log.requests[1], 1.0, 1.25, 2.0, 100, 8);
}

TEST_CASE("two clocks without a queued column are refused", "[unit]") {
  const std::string rows =
      "arrival_s,q,prompt_tokens,output_tokens,first_token_s,end_s\n1777142838.5,500,100,8,501,502\n"
      "1777142839.5,501,100,8,503,504\n";
  CHECK(faults_of(rows) ==
        Faults{
            "2: `arrival_s` and `first_token_s` are not of one clock: 1777142838.5 s and 501 s here, and no request of "
            "the log has the second within a day after the first [name the column of the times at which requests were "
            "queued, on the clock of `first_token_s`]"});
  CHECK(read(rows, {.queued = "q"}).requests[0].first_token_s == Approx(1.0).margin(1e-6));
  const std::string later = "arrival_s,prompt_tokens,output_tokens,ttft,end_s\n5,100,8,1,86406\n6,100,8,1,86407\n";
  CHECK(
      faults_of(later) ==
      Faults{"2: `arrival_s` and `end_s` are not of one clock: 5 s and 86406 s here, and no request of the log has the "
             "second within a day after the first [name the column of the times at which requests were queued, on the "
             "clock of `end_s`]"});
}

TEST_CASE("requests that failed stand apart", "[unit]") {
  const auto failed_of = [](const std::string& column, const std::string& value) {
    const ServingLog log = read("arrival_s,prompt_tokens,output_tokens,first_token_s,end_s," + column +
                                    "\n10,100,8,10.25,12,\n9,0,0,10.5,13," + value + "\n8,1,0,,,\n",
                                {.status = column});
    CHECK(log.requests.size() == 1);
    CHECK(log.first_arrival_s == 10.0);  // of those that were answered
    return log.failed;
  };
  CHECK(failed_of("status", "Timeout") == 2);
  CHECK(failed_of("status", "FINISHED_ABORTED") == 2);
  CHECK(failed_of("status", "503") == 2);
  CHECK(failed_of("status", "false") == 2);
  CHECK(failed_of("success", "0") == 2);
  CHECK(failed_of("success", "False") == 2);
  CHECK(failed_of("error", "connection reset by peer") == 2);
  CHECK(failed_of("failed", "1") == 2);
  CHECK(failed_of("my_errors", "yes") == 2);
  const auto is_answered = [](const std::string& column, const std::string& value) {
    const ServingLog log = read("arrival_s,prompt_tokens,output_tokens,first_token_s,end_s," + column +
                                "\n10,100,8,10.25,12," + value + "\n");
    return log.requests.size() == 1 && log.failed == 0;
  };
  for (const char* word : {"ok", "Success", "completed", "finished_stopped", "stop", "length", "200", "true"})
    CHECK(is_answered("status", word));
  CHECK(is_answered("success", "1"));
  for (const char* word : {"", "0", "false", "None", "null", "nan", "[]"}) CHECK(is_answered("error", word));
  const ServingLog json = read(
      "{\"arrival_s\": 1, \"prompt_tokens\": 9, \"output_tokens\": 9, \"ttft\": 1, \"latency\": 2}\n"
      "{\"arrival_s\": 2, \"prompt_tokens\": 9, \"output_tokens\": 0, \"ttft\": null, \"latency\": null}\n"
      "{\"arrival_s\": 2, \"error\": {\"code\": 500}}\n"
      "{\"arrival_s\": 3, \"prompt_tokens\": 9, \"output_tokens\": 9, \"ttft\": 1, \"latency\": 2, \"error\": "
      "\"cut\"}\n");
  CHECK(json.requests.size() == 1);
  CHECK(json.failed == 3);
}

TEST_CASE("a status that is no known word is refused", "[unit]") {
  const std::string status_header = "arrival_s,prompt_tokens,output_tokens,first_token_s,end_s,status\n";
  CHECK(faults_of(status_header + "10,100,8,10.25,12,purple\n10,100,8,10.25,12,0\n10,1,1,10,10,ok\n") ==
        Faults{
            "2: `purple` in `status` is neither a success nor a failure [words such as ok, success, completed, failed, "
            "error, timeout, aborted; true or false; 200 or 500]",
            "3: `0` in `status` is neither a success nor a failure [words such as ok, success, completed, failed, "
            "error, timeout, aborted; true or false; 200 or 500]"});
}

TEST_CASE("times that run backwards inside a request are refused, all of them", "[unit]") {
  CHECK(
      faults_of("arrival_s,queued_ts,prompt_tokens,output_tokens,first_token_s,end_s\n"
                "10,10,100,8,9.5,12\n"
                "11,11,100,8,12,11.75\n"
                "12,13,100,8,12.5,14\n"
                "13,13,100,8,100000,100001\n"
                "14,14,100,8,15,16\n") ==
      Faults{"2: the first token comes 0.5 s before the arrival [" + order + "]",
             "2: the request is queued 0.5 s after its first token [" + order + "]",
             "3: the request ends 0.25 s before its first token [" + order + "]",
             "4: the request is queued 0.5 s after its first token [" + order + "]",
             "5: the first token comes 99987 s after the arrival, more than a day [are all times in seconds and of one "
             "clock?]"});
  CHECK(faults_of("arrival_s,queued_ts,prompt_tokens,output_tokens,first_token_s,end_s\n10,510,100,8,509.5,512\n") ==
        Faults{"2: the first token comes 0.5 s before the arrival [" + order + "]",  // the clocks are aligned
               "2: the request is queued 0.5 s after its first token [" + order + "]"});
  CHECK(faults_of("arrival_s,prompt_tokens,output_tokens,ttft,latency\n10,100,8,0.5,0.25\n11,100,8,-0.5,1\n") ==
        Faults{"2: the request ends 0.25 s before its first token [" + order + "]",
               "3: the first token comes 0.5 s before the arrival [" + order + "]"});
}

TEST_CASE("cells that are no times or no tokens are refused, all of them", "[unit]") {
  CHECK(faults_of(header +
                  "soon,100,8,10.25,12\n10,0,8,10.25,12\n10,100,-8,10.25,12\n10,1.5,many,10.25,12\n10,,8,10.25,\n"
                  "10,100,8,10.25\n1777142838338,100,8,1777142838339,1777142838340\n") ==
        Faults{
            "7: 4 fields, the header has 5 [mend or remove the row]",
            "2: `soon` in `arrival_s` is not a time [seconds, or a date as in 2024-07-15T01:00:00.25Z]",
            "3: `0` in `prompt_tokens` is not a number of tokens [" + tokens_mend + "]",
            "4: `-8` in `output_tokens` is not a number of tokens [" + tokens_mend + "]",
            "5: `1.5` in `prompt_tokens` is not a number of tokens [" + tokens_mend + "]",
            "5: `many` in `output_tokens` is not a number of tokens [" + tokens_mend + "]",
            "6: no value in `prompt_tokens` [" + tokens_mend + "]",
            "6: no value in `end_s` [seconds, or a date as in 2024-07-15T01:00:00.25Z]",
            "8: `1777142838338` in `arrival_s` is too large for a time in seconds [write seconds, or end the column's "
            "name in _ms, _us or _ns]",
            "8: `1777142838339` in `first_token_s` is too large for a time in seconds [write seconds, or end the "
            "column's name in _ms, _us or _ns]",
            "8: `1777142838340` in `end_s` is too large for a time in seconds [write seconds, or end the column's name "
            "in _ms, _us or _ns]"});
  CHECK(faults_of("arrival_s,prompt_tokens,output_tokens,ttft,latency\n1,1,1,fast,\n") ==
        Faults{"2: `fast` in `ttft` is not a number [a length of time in seconds]",
               "2: no value in `latency` [a length of time in seconds]"});
}

TEST_CASE("columns that are not there are refused, all of them", "[unit]") {
  const auto faults = faults_of("when,prompt_tokens,a,a\n1,1,1,1\n", {.first_token = "b", .end = "c", .latency = "d"});
  CHECK(
      faults ==
      Faults{
          "0: no column is recognised as the arrival times [name it, or call it one of arrival_s, arrival_time, "
          "arrival_time_s, arrival_ts, arrival_ms, arrival, start_time, start_s, timestamp, timestamp_ms; the log has "
          "when, prompt_tokens, a, a]",
          "0: no column is recognised as the output tokens [name it, or call it one of output_tokens, "
          "completion_tokens, output_toks, generated_tokens, output_len, num_output_tokens, GeneratedTokens; the log "
          "has when, prompt_tokens, a, a]",
          "0: the log has no column `b` for the times of the first token [it has when, prompt_tokens, a, a]",
          "0: `c` and `d` are both named for one time [name the times of the end, or the times from arrival to the "
          "end]",
          "0: the log has no column `d` for the times from arrival to the end [it has when, prompt_tokens, a, a]"});
  CHECK(faults_of(header + "1,1,1,1,1\n", {.status = "verdict"}) ==
        Faults{"0: the log has no column `verdict` for the status [it has arrival_s, prompt_tokens, output_tokens, "
               "first_token_s, end_s]"});
  CHECK(faults_of("arrival_s,prompt_tokens,prompt_tokens,output_tokens,first_token_s,end_s\n1,1,1,1,1,1\n") ==
        Faults{"0: the log has more than one column `prompt_tokens` [give each a name of its own]"});
  const auto no_times = faults_of("arrival_s,prompt_tokens,output_tokens\n1,1,1\n");
  REQUIRE(no_times.size() == 4);
  CHECK(no_times[0] ==
        "0: no column is recognised as the times of the first token [name it, or call it one of first_token_s, "
        "first_token_ts, first_token_time, first_token_at, first_token_ms; the log has arrival_s, prompt_tokens, "
        "output_tokens]");
  CHECK(no_times[1] ==
        "0: no column is recognised as the times from arrival to the first token [name it, or call it one of ttft_s, "
        "ttft, ttft_ms, time_to_first_token_s, time_to_first_token; the log has arrival_s, prompt_tokens, "
        "output_tokens]");
}

TEST_CASE("a log without requests is refused", "[unit]") {
  CHECK(faults_of("\xEF\xBB\xBF\n\n") ==
        Faults{"0: the log is empty [a header line and rows, or JSON objects, one a line]"});
  CHECK(faults_of(header) == Faults{"0: the log has no requests [at least one row below the header]"});
  CHECK(faults_of(header + "1,1,0,,\n2,1,0,,\n") ==
        Faults{"0: all 2 requests of the log failed [at least one must have been answered]"});
}

TEST_CASE("what is no log is refused", "[unit]") {
  CHECK(faults_of("[{\"arrival_s\": 1}]\n") ==
        Faults{"1: the log is a JSON array [write its objects one a line, as `jq -c '.[]'` does]"});
  const std::string good =
      "{\"arrival_s\": 1, \"prompt_tokens\": 9, \"output_tokens\": 9, \"ttft\": 1, \"latency\": 2}\n";
  const std::string mend = " [write one object a line; JSON has no NaN or Infinity: write null]";
  CHECK(faults_of(good + "{\"arrival_s\": NaN}\n7\n{\"arrival_s\":\n") ==
        Faults{"2: the line is not a JSON object" + mend, "3: the line is not a JSON object" + mend,
               "4: the line is not a JSON object" + mend});
  CHECK(faults_of(header + "1,1,1,1\n") == Faults{"2: 4 fields, the header has 5 [mend or remove the row]"});
}

TEST_CASE("vLLM 0.19's log of Llama 3.1 8B on an RTX PRO 6000", "[unit]") {
  const char* data = fleetwatt::tests::measured_data();
  if (data == nullptr) return;
  const std::string path = std::string(data) + "/serving-runs/vllm-0.19-rtxpro6000-llama-3.1-8b/requests.jsonl";
  std::ifstream file(path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  const ServingLog log = read_serving_log(text.str(), path, {});
  REQUIRE(log.requests.size() == 300);
  CHECK(log.failed == 0);
  double prompt = 0.0;
  double output = 0.0;
  double to_first_s = 0.0;
  double per_token_s = 0.0;
  for (const auto& request : log.requests) {
    prompt += request.prompt_tokens;
    output += request.output_tokens;
    to_first_s += request.first_token_s - request.arrival_s;
    per_token_s += (request.end_s - request.first_token_s) / (request.output_tokens - 1);
  }
  // Sums and means of the same file by Python, clocks aligned by the smallest queued_ts - arrival_time.
  CHECK(prompt == 257'239);
  CHECK(output == 195'753);
  CHECK(std::fabs(to_first_s / 300 - 7.11997488) <= 1e-6);
  CHECK(std::fabs(per_token_s / 300 - 0.0324580247) <= 1e-9);
  CHECK(std::fabs(log.requests.back().arrival_s - 29.12119317) <= 1e-6);
  CHECK(std::fabs(log.first_arrival_s - 1777142838.338653) <= 1e-6);
}
