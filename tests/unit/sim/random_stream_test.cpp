// Random streams: the generator against its authors' vectors, streams that do not touch each other, unbiased integers.
#include "sim/random_stream.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace fleetwatt::sim {

namespace {

std::vector<std::uint64_t> first(RandomStream stream, std::size_t count) {
  std::vector<std::uint64_t> words(count);
  for (auto& word : words) word = stream.next_u64();
  return words;
}

/// Pearson's correlation of two streams' uniforms.
double correlation(RandomStream a, RandomStream b, int count) {
  double sum = 0.0;
  for (int i = 0; i < count; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
  return sum * 12.0 / count;  // a uniform's variance is 1/12
}

double chi_square(const std::vector<int>& observed, double expected) {
  double sum = 0.0;
  for (const int count : observed) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

}  // namespace

TEST_CASE("Philox4x32-10 gives its authors' known answers", "[unit]") {  // Random123 1.14, tests/kat_vectors
  CHECK(philox4x32_10({0, 0, 0, 0}, {0, 0}) == PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t ones = 0xffffffff;
  CHECK(philox4x32_10({ones, ones, ones, ones}, {ones, ones}) ==
        PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("mix is SplitMix64's sequence", "[unit]") {  // the first three words from seed 0, as published with xoshiro
  CHECK(mix(0, 0) == 0xE220A8397B1DCDAF);
  CHECK(mix(0, 1) == 0x6E789E6AA1B965F4);
  CHECK(mix(0, 2) == 0x06C45D188009454F);
}

TEST_CASE("hash_of is FNV-1a with a final mix", "[unit]") {
  const auto final_mix = [](std::uint64_t word) { return mix(word, std::numeric_limits<std::uint64_t>::max()); };
  CHECK(hash_of("") == final_mix(0xCBF29CE484222325));        // FNV-1a 64, Fowler, Noll, Vo: the offset basis
  CHECK(hash_of("a") == final_mix(0xAF63DC4C8601EC8C));       // their test vector
  CHECK(hash_of("foobar") == final_mix(0x85944171F73967E8));  // their test vector
}

TEST_CASE("a stream walks through its blocks under the seed as key", "[unit]") {
  const std::uint64_t seed = 0x1122334455667788;
  const std::uint64_t id = mix(hash_of("dallas.serving"), hash_of("arrivals"));
  std::vector<std::uint64_t> expected;
  for (std::uint32_t block = 0; block < 3; ++block) {
    const auto words = philox4x32_10({block, 0, static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32)},
                                     {0x55667788, 0x11223344});
    expected.push_back((std::uint64_t{words[1]} << 32) | words[0]);
    expected.push_back((std::uint64_t{words[3]} << 32) | words[2]);
  }
  CHECK(first(RandomStream(seed, "dallas.serving", "arrivals"), 6) == expected);
}

TEST_CASE("a stream depends on its seed, entity and purpose, and on nothing else", "[unit]") {
  RandomStream other(1, "dallas", "arrivals");
  const auto expected = first(RandomStream(1, "san-jose", "arrivals"), 100);
  RandomStream stream(1, "san-jose", "arrivals");
  std::vector<std::uint64_t> interleaved;
  for (int i = 0; i < 100; ++i) {
    (void)other.next_u64();
    interleaved.push_back(stream.next_u64());
  }
  CHECK(interleaved == expected);
}

TEST_CASE("streams that differ in any part share no word", "[unit]") {
  std::set<std::uint64_t> words;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32}) {
    for (const char* entity : {"a", "b", "ab", ""}) {
      for (const char* purpose : {"a", "b", "ab", ""}) {
        for (const auto word : first(RandomStream(seed, entity, purpose), 100)) words.insert(word);
        drawn += 100;
      }
    }
  }
  CHECK(words.size() == drawn);
}

TEST_CASE("streams of neighbouring names and seeds do not correlate", "[unit]") {
  constexpr int count = 100'000;
  const double bound = 4.0 / std::sqrt(count);  // four standard errors
  const RandomStream base(1, "site-1", "arrivals");
  CHECK(std::fabs(correlation(base, RandomStream(1, "site-2", "arrivals"), count)) < bound);
  CHECK(std::fabs(correlation(base, RandomStream(1, "site-1", "lengths"), count)) < bound);
  CHECK(std::fabs(correlation(base, RandomStream(1, "arrivals", "site-1"), count)) < bound);
  CHECK(std::fabs(correlation(base, RandomStream(2, "site-1", "arrivals"), count)) < bound);
  RandomStream late = base;
  (void)late.next_u64();
  CHECK(std::fabs(correlation(base, late, count)) < bound);
}

TEST_CASE("the unit intervals hold their ends", "[unit]") {
  constexpr std::uint64_t all_ones = std::numeric_limits<std::uint64_t>::max();
  CHECK(unit_interval(0) == 0.0);
  CHECK(unit_interval(all_ones) == 1.0 - 0x1p-53);
  CHECK(open_unit_interval(0) == 0x1p-53);
  CHECK(open_unit_interval(all_ones) == 1.0 - 0x1p-53);
}

TEST_CASE("uniforms fill 0 to below 1 evenly", "[unit]") {
  RandomStream stream(7, "test", "uniform");
  std::vector<int> observed(100, 0);
  for (int i = 0; i < 100'000; ++i) ++observed[static_cast<std::size_t>(stream.uniform() * 100.0)];
  CHECK(chi_square(observed, 1000.0) < 148.2);  // chi-square, 99 degrees of freedom, probability 0.999
}

TEST_CASE("below gives each integer equally often", "[unit]") {
  RandomStream stream(7, "test", "below");
  std::vector<int> observed(7, 0);
  for (int i = 0; i < 70'000; ++i) ++observed[stream.below(7)];
  CHECK(chi_square(observed, 10'000.0) < 22.46);  // chi-square, 6 degrees of freedom, probability 0.999
}

TEST_CASE("below is unbiased where multiplying alone would double every third integer", "[unit]") {
  RandomStream stream(7, "test", "below a large count");
  std::vector<int> observed(3, 0);
  for (int i = 0; i < 30'000; ++i) ++observed[stream.below(0xC000000000000000) % 3];  // 3/4 of all words
  CHECK(chi_square(observed, 10'000.0) < 13.82);  // chi-square, 2 degrees of freedom, probability 0.999
}

TEST_CASE("below 1 is always 0", "[unit]") {
  RandomStream stream(7, "test", "below one");
  for (int i = 0; i < 100; ++i) CHECK(stream.below(1) == 0);
}

}  // namespace fleetwatt::sim
