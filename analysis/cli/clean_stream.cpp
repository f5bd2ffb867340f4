#include "analysis/cli/clean_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

#include "analysis/results/screen.hpp"

namespace fleetwatt::analysis {

namespace {

constexpr std::size_t most_waiting_bytes = std::size_t{1} << 16;
constexpr const char* replacement = "\uFFFD";

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

bool is_continuation(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// Bytes of the code point that a first byte promises; 0 for one that begins none.
std::size_t promised_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
}

/// The code point of so many bytes; above all there are where they are not UTF-8.
std::uint32_t code_point(std::string_view text, std::size_t at, std::size_t length) {
  constexpr std::uint32_t none = 0xFFFFFFFF;
  constexpr std::uint32_t masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (length == 0 || length > text.size() - at) return none;
  std::uint32_t code = byte_at(text, at) & masks[length];
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(byte_at(text, at + i))) return none;
    code = (code << 6) | (byte_at(text, at + i) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < least[length] || code > 0x10FFFF || is_surrogate ? none : code;
}

bool is_to_be_shown(std::uint32_t code) {
  if (code < 0x20) return code != '\t' && code != '\n';
  return (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

/// Where a code point or the code of a colour begins that is not whole yet; the text's end where all are.
std::size_t whole_until(std::string_view text) {
  constexpr std::size_t longest_code = 5;
  const std::size_t escape = text.rfind('\x1b');
  if (escape != std::string_view::npos && text.size() - escape < longest_code &&
      text.find('m', escape) == std::string_view::npos)
    return escape;
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::size_t at = text.size() - back;
    if (is_continuation(byte_at(text, at))) continue;
    return promised_length(byte_at(text, at)) > back ? at : text.size();
  }
  return text.size();
}

}  // namespace

std::string clean_text(std::string_view text, bool keep_colours) {
  std::string clean;
  clean.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t colour = keep_colours ? colour_code_length(text.substr(at)) : 0; colour > 0) {
      clean += text.substr(at, colour);
      at += colour;
      continue;
    }
    const std::size_t length = promised_length(byte_at(text, at));
    const std::uint32_t code = code_point(text, at, length);
    if (code > 0x10FFFF) {
      clean += replacement;
      ++at;
      continue;
    }
    if (is_to_be_shown(code))
      clean += fmt::format("\\u{:04x}", code);
    else
      clean += text.substr(at, length);
    at += length;
  }
  return clean;
}

CleanStream::CleanStream(std::ostream& target, bool keep_colours)
    : std::ostream(nullptr), target_(target), buffer_(target, keep_colours) {
  rdbuf(&buffer_);
}

CleanStream::~CleanStream() {
  static_cast<void>(finish());
}

int CleanStream::finish() {
  buffer_.hand_on(true);
  return buffer_.fault();
}

void CleanStream::Buffer::note_fault() {
  if (target_.fail() && fault_ == 0) fault_ = errno == 0 ? EIO : errno;
}

bool CleanStream::Buffer::hand_on(bool is_end) {
  errno = 0;
  const std::size_t whole = is_end ? waiting_.size() : whole_until(waiting_);
  target_ << clean_text(std::string_view(waiting_).substr(0, whole), keep_colours_);
  waiting_.erase(0, whole);
  target_.flush();
  note_fault();
  return fault_ == 0;
}

CleanStream::Buffer::int_type CleanStream::Buffer::overflow(int_type c) {
  if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
  const char one = traits_type::to_char_type(c);
  return xsputn(&one, 1) == 1 ? c : traits_type::eof();
}

std::streamsize CleanStream::Buffer::xsputn(const char* text, std::streamsize size) {
  waiting_.append(text, static_cast<std::size_t>(size));
  return waiting_.size() < most_waiting_bytes || hand_on(false) ? size : 0;
}

int CleanStream::Buffer::sync() {
  return hand_on(false) ? 0 : -1;
}

}  // namespace fleetwatt::analysis
