// Text on its way to a terminal. Titles, names, notes and excerpts of files come from outside; what would move the
// cursor, ring, recolour or turn the writing about is shown as what it is, `\u001b`. The one place where this is done.
#pragma once

#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>

namespace fleetwatt::analysis {

/// `text` with its control characters (but for tab and end of line), C1 controls, marks of direction and ends of line
/// of Unicode as `\u` and four hexadecimal digits, which is also how JSON writes them; bytes that are not UTF-8 as
/// U+FFFD. All else stays; with `keep_colours` also the codes of the program's own few colours
/// (analysis/results/screen.hpp), so that a text from outside could at most have one of them.
[[nodiscard]] std::string clean_text(std::string_view text, bool keep_colours = false);

/// Writes to `target` what clean_text() makes of what is written to this.
class CleanStream : public std::ostream {
 public:
  explicit CleanStream(std::ostream& target, bool keep_colours = false);
  ~CleanStream() override;
  CleanStream(const CleanStream&) = delete;
  CleanStream& operator=(const CleanStream&) = delete;

  /// Hands on all that is there. The system's number of the fault where the target took it not, at any time; else 0.
  [[nodiscard]] int finish();

 private:
  class Buffer : public std::streambuf {
   public:
    Buffer(std::ostream& target, bool keep_colours) : target_(target), keep_colours_(keep_colours) {}
    bool hand_on(bool is_end);
    [[nodiscard]] int fault() const { return fault_; }

   protected:
    int_type overflow(int_type c) override;
    std::streamsize xsputn(const char* text, std::streamsize size) override;
    int sync() override;

   private:
    void note_fault();

    std::ostream& target_;
    bool keep_colours_;
    std::string waiting_;
    int fault_ = 0;
  };

  std::ostream& target_;
  Buffer buffer_;
};

}  // namespace fleetwatt::analysis
