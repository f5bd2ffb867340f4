// The finished runs of a sweep that is not finished, in a file beside the results: a first line that says which sweep,
// then a line of JSON a run, in the order in which they ended. Each line ends with a hash of itself and of the first
// one; a line that a crash cut off, that was edited, or that cannot be of this sweep, is dropped and its run done
// again. One process at a time holds the file. It survives the process, not a loss of power: lines are written, not
// synced.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/sweep/run_record.hpp"

namespace fleetwatt::analysis {

/// What to do with a side file that is there already.
enum class Earlier { refuse, resume, replace };

/// What the records of a sweep look like.
struct RecordShape {
  std::size_t runs = 0;
  ChosenSeries chosen;
};

class PartialFile {
 public:
  /// Throws InputError where another process holds the file, where it is there and `earlier` does not allow it, or
  /// where it is of another sweep (the difference is named) or its first line is damaged; IoError where it cannot be
  /// written.
  PartialFile(std::string path, const nlohmann::ordered_json& identity, Earlier earlier, RecordShape shape);
  /// The file stays, but for one without a finished run.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  /// From any thread. Throws IoError, and InputError where a file that the scenario names is not what it was for an
  /// earlier run.
  void append(const RunRecord& record);

  /// Which runs are finished, of so many.
  [[nodiscard]] std::vector<bool> finished(std::size_t runs) const;
  [[nodiscard]] std::size_t count() const { return places_.size(); }
  /// Lines of an earlier sweep that were damaged; their runs are to be done again.
  [[nodiscard]] std::size_t dropped() const { return dropped_; }
  /// By number of the run. Throws IoError where a line is no more what was written.
  void for_each(const std::function<void(const RunRecord& record)>& visit) const;

  /// Once the results are written.
  void remove();

 private:
  /// Where a run's line stands.
  struct Place {
    std::size_t run;
    std::size_t offset;
    std::size_t length;
  };

  void open_and_lock();
  void read_earlier(const nlohmann::ordered_json& identity, Earlier earlier);
  void read_records(const std::string& text);
  void begin(const nlohmann::ordered_json& identity);
  [[nodiscard]] std::string sealed(const std::string& line) const;
  /// What a line without its end says; nullopt where it is not one that was written for this sweep.
  [[nodiscard]] std::optional<RunRecord> record_in(std::string_view line) const;
  void write(const std::string& line);
  void remember(const RunRecord& record, std::size_t length);
  [[nodiscard]] std::string read(std::size_t offset, std::size_t length) const;
  [[noreturn]] void refuse(const std::string& message, const std::string& mend) const;
  [[noreturn]] void fail(const char* what) const;

  std::string path_;
  RecordShape shape_;
  std::uint64_t head_hash_ = 0;
  std::size_t dropped_ = 0;
  int descriptor_ = -1;
  std::mutex writing_;
  std::size_t end_ = 0;
  std::vector<Place> places_;
  std::map<std::string, std::string> inputs_;  ///< hash by name
};

}  // namespace fleetwatt::analysis
