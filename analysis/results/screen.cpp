#include "analysis/results/screen.hpp"

#include <algorithm>
#include <vector>

namespace fleetwatt::analysis {

namespace {

constexpr char escape = '\x1b';
constexpr std::string_view plain = "\x1b[0m";

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::bold:
      return "\x1b[1m";
    case Colour::red:
      return "\x1b[31m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::yellow:
      break;
  }
  return "\x1b[33m";
}

/// Words, or what stands together, each with the blanks before it.
struct Piece {
  std::size_t blanks = 0;
  std::string_view text;
};

/// Parted where at least `fewest_blanks` stand.
std::vector<Piece> pieces_of(std::string_view line, std::size_t fewest_blanks) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = std::min(line.find_first_not_of(' ', at), line.size());
    if (begin == line.size()) return pieces;
    const std::size_t end = std::min(line.find(std::string(fewest_blanks, ' '), begin), line.size());
    pieces.push_back({begin - at, line.substr(begin, end - begin)});
    at = end;
  }
}

/// Lines that grow word by word.
class Filler {
 public:
  Filler(std::size_t width, std::size_t hang) : width_(width), hang_(hang) {}

  [[nodiscard]] bool fits(const Piece& piece) const {
    return used_ + piece.blanks + display_width(piece.text) <= width_;
  }
  /// On a line of its own.
  [[nodiscard]] bool fits_alone(const Piece& piece) const { return hang_ + display_width(piece.text) <= width_; }

  void add(const Piece& piece) {
    const bool breaks = has_word_ && !fits(piece);
    const std::size_t blanks = breaks ? hang_ : piece.blanks;
    if (breaks) used_ = 0;
    text_ += (breaks ? "\n" : "") + std::string(blanks, ' ') + std::string(piece.text);
    used_ += blanks + display_width(piece.text);
    has_word_ = true;
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::size_t width_;
  std::size_t hang_;
  std::string text_;
  std::size_t used_ = 0;
  bool has_word_ = false;
};

/// Where the text of a line begins: behind its label, a word or two before two or more blanks.
std::size_t hang_of(std::string_view line) {
  constexpr std::size_t widest_label = 16;
  constexpr std::size_t usual = 2;
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent > 0) return indent;
  const std::size_t gap = line.find("  ");
  if (gap == std::string_view::npos) return usual;
  const std::size_t begin = line.find_first_not_of(' ', gap);
  if (begin == std::string_view::npos) return usual;
  const std::size_t column = display_width(line.substr(0, begin));
  return column <= widest_label ? column : usual;
}

}  // namespace

std::string painted(std::string_view text, Colour colour, const Screen& screen) {
  if (!screen.colour || text.empty()) return std::string(text);
  return std::string(code_of(colour)) + std::string(text).append(plain);
}

std::size_t colour_code_length(std::string_view text) {
  if (text.starts_with(plain)) return plain.size();
  for (const Colour colour : {Colour::bold, Colour::red, Colour::green, Colour::yellow}) {
    if (text.starts_with(code_of(colour))) return code_of(colour).size();
  }
  return 0;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  bool in_escape = false;
  for (const char c : text) {
    if (c == escape)
      in_escape = true;
    else if (in_escape)
      in_escape = c != 'm';
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U)
      ++width;
  }
  return width;
}

std::string filled(std::string_view line, std::size_t width, std::size_t hang) {
  if (width == 0 || display_width(line) <= width) return std::string(line);
  constexpr std::size_t least_room = 8;
  Filler filler(width, std::min(hang, width - std::min(width, least_room)));
  for (const auto& piece : pieces_of(line, 2)) {
    if (filler.fits(piece) || filler.fits_alone(piece)) {
      filler.add(piece);
      continue;
    }
    auto words = pieces_of(piece.text, 1);
    words.front().blanks = piece.blanks;
    for (const auto& word : words) filler.add(word);
  }
  return filler.text();
}

std::string wrapped(std::string_view text, const Screen& screen) {
  if (screen.width == 0) return std::string(text);
  std::string lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    lines += filled(line, screen.width, hang_of(line)) + (end < text.size() ? "\n" : "");
    at = end + 1;
  }
  return lines;
}

}  // namespace fleetwatt::analysis
