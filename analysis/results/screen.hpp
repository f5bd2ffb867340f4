// The screen that a text is for: how wide it is, and whether it has colours. A file or a pipe has neither.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fleetwatt::analysis {

struct Screen {
  std::size_t width = 0;  ///< columns; 0: no limit
  bool colour = false;
};

enum class Colour { bold, red, green, yellow };

/// The text in that colour where the screen has colours.
[[nodiscard]] std::string painted(std::string_view text, Colour colour, const Screen& screen);

/// Whether the text begins with a code that `painted` writes: its length, or 0.
[[nodiscard]] std::size_t colour_code_length(std::string_view text);

/// How many columns a text takes on a terminal: code points, not bytes, and none for colours.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// One line, broken between words where it is longer than `width`; the lines after the first begin with `hang` blanks.
/// What stands between two or more blanks stays together where a line can hold it. No word is broken. `width` 0: as it
/// is.
[[nodiscard]] std::string filled(std::string_view line, std::size_t width, std::size_t hang);

/// Each line filled. It hangs under what follows its label ("flags    "), else under its own indent, else two blanks.
[[nodiscard]] std::string wrapped(std::string_view text, const Screen& screen);

}  // namespace fleetwatt::analysis
