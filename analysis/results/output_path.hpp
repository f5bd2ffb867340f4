// What a command may write at all: nothing that it reads, and unasked nothing that it did not write itself.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetwatt::analysis {

/// Refuses (InputError) an output that is one of the inputs, by whatever spelling, link or hard link: no option lets a
/// command destroy what it reads. So is one that is there and no plain file (a folder, a device, a pipe), which a
/// rename would replace. Inputs that are not there are no reason; neither is an empty output.
void refuse_input_as_output(const std::string& output, const std::vector<std::string>& inputs);

/// How a command knows an earlier output of its own, and how it speaks of it.
struct OwnOutput {
  std::function<bool(std::string_view beginning)> is_own;  ///< by the first 4 KiB
  std::string name;                                        ///< "table that `fleetwatt export` wrote"
  std::string option;                                      ///< "-o"
};

/// Refuses (InputError) an output that is there and is none of the command's own. Throws IoError where it cannot be
/// read.
void refuse_foreign_output(const std::string& output, const OwnOutput& own);

}  // namespace fleetwatt::analysis
