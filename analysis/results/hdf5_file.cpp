#include "analysis/results/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "analysis/results/image_seal.hpp"
#include "sim/error.hpp"

namespace fleetwatt::analysis {

namespace {

/// A handle with the function that closes it.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close, const char* what) : id_(id), close_(close) {
    if (id < 0) throw sim::IoError(fmt::format("HDF5 could not {}", what));
  }
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this == &other) return *this;
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  operator hid_t() const { return id_; }  // NOLINT(google-explicit-constructor): stands wherever HDF5 wants a handle

 private:
  void reset() {
    if (id_ >= 0) close_(id_);
    id_ = -1;
  }
  hid_t id_ = -1;
  Close close_ = nullptr;
};

void require(herr_t status, const char* what) {
  if (status < 0) throw sim::IoError(fmt::format("HDF5 could not {}", what));
}

void keep_quiet() {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "make a type");
  require(H5Tset_size(type, H5T_VARIABLE), "make a type");
  require(H5Tset_cset(type, H5T_CSET_UTF8), "make a type");
  return type;
}

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> result;
  for (const auto& text : texts) result.push_back(text.c_str());
  return result;
}

Handle space_of(const std::vector<hsize_t>& shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR), H5Sclose, "make a space");
  return Handle(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose, "make a space");
}

/// Two files in memory may not share a name while both are open. No file of that name comes to be.
std::string name_in_memory(const void* owner) {
  return fmt::format("in-memory-{}", fmt::ptr(owner));
}

}  // namespace

struct Hdf5Image::Parts {
  Handle file;
  std::map<std::string, hsize_t> lengths;  ///< of the dimensions

  /// Creates and fills a dataset; time stamps are off, so that equal contents are equal bytes.
  Handle create(const std::string& name, const std::vector<hsize_t>& shape, hid_t type, hid_t memory_type,
                const void* data) {
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "make properties");
    require(H5Pset_obj_track_times(properties, false), "turn time stamps off");
    const Handle space = space_of(shape);
    Handle dataset(H5Dcreate2(file, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT), H5Dclose,
                   "make a variable");
    hsize_t count = 1;
    for (const hsize_t length : shape) count *= length;
    if (count > 0) require(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write a variable");
    return dataset;
  }

  void make_scale(const Handle& dataset, const std::string& name, std::size_t length, bool has_coordinate) {
    // The netCDF convention for a dimension that has no coordinate variable.
    const std::string scale =
        has_coordinate ? name : fmt::format("This is a netCDF dimension but not a netCDF variable.{:>10}", length);
    require(H5DSset_scale(dataset, scale.c_str()), "make a dimension");
    lengths[name] = length;
  }

  [[nodiscard]] std::vector<hsize_t> shape_of(const Dimensions& dimensions) const {
    std::vector<hsize_t> shape;
    for (const auto& dimension : dimensions) shape.push_back(lengths.at(dimension));
    return shape;
  }

  void add(const std::string& name, const Dimensions& dimensions, hid_t type, hid_t memory_type, const void* data) {
    const Handle dataset = create(name, shape_of(dimensions), type, memory_type, data);
    for (std::size_t i = 0; i < dimensions.size(); ++i) {
      const Handle scale(H5Dopen2(file, dimensions[i].c_str(), H5P_DEFAULT), H5Dclose, "open a dimension");
      require(H5DSattach_scale(dataset, scale, static_cast<unsigned>(i)), "attach a dimension");
    }
  }

  void add_attribute(const std::string& variable, const std::string& name, hid_t type, hid_t memory_type,
                     const void* data) {
    const Handle object(H5Oopen(file, variable.empty() ? "/" : variable.c_str(), H5P_DEFAULT), H5Oclose,
                        "open a variable");
    const Handle space = space_of({});
    const Handle attribute(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose,
                           "make an attribute");
    require(H5Awrite(attribute, memory_type, data), "write an attribute");
  }
};

Hdf5Image::Hdf5Image() : parts_(std::make_unique<Parts>()) {
  keep_quiet();
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make properties");
  constexpr std::size_t increment_bytes = std::size_t{1} << 20;
  require(H5Pset_fapl_core(access, increment_bytes, false), "keep a file in memory");
  parts_->file = Handle(H5Fcreate(name_in_memory(parts_.get()).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose,
                        "make a file");
}

Hdf5Image::~Hdf5Image() = default;

void Hdf5Image::add_dimension(const std::string& name, const std::vector<std::string>& labels) {
  const Handle type = text_type();
  const auto data = pointers(labels);
  parts_->make_scale(parts_->create(name, {labels.size()}, type, type, data.data()), name, labels.size(), true);
}

void Hdf5Image::add_dimension(const std::string& name, const std::vector<std::int64_t>& values) {
  parts_->make_scale(parts_->create(name, {values.size()}, H5T_STD_I64LE, H5T_NATIVE_INT64, values.data()), name,
                     values.size(), true);
}

void Hdf5Image::add_dimension(const std::string& name, std::size_t length) {
  const std::vector<float> zeros(length, 0.0F);
  parts_->make_scale(parts_->create(name, {length}, H5T_IEEE_F32BE, H5T_NATIVE_FLOAT, zeros.data()), name, length,
                     false);
}

void Hdf5Image::add_variable(const std::string& name, const Dimensions& dimensions, std::span<const double> values) {
  parts_->add(name, dimensions, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data());
}

void Hdf5Image::add_variable(const std::string& name, const Dimensions& dimensions,
                             std::span<const std::int64_t> values) {
  parts_->add(name, dimensions, H5T_STD_I64LE, H5T_NATIVE_INT64, values.data());
}

void Hdf5Image::add_variable(const std::string& name, const Dimensions& dimensions,
                             const std::vector<std::string>& values) {
  const Handle type = text_type();
  const auto data = pointers(values);
  parts_->add(name, dimensions, type, type, data.data());
}

void Hdf5Image::add_attribute(const std::string& variable, const std::string& name, const std::string& value) {
  const Handle type = text_type();
  const char* data = value.c_str();
  parts_->add_attribute(variable, name, type, type, &data);
}

void Hdf5Image::add_attribute(const std::string& variable, const std::string& name, std::uint64_t value) {
  parts_->add_attribute(variable, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

std::vector<std::byte> Hdf5Image::bytes() {
  require(H5Fflush(parts_->file, H5F_SCOPE_GLOBAL), "finish the file");
  const auto size = H5Fget_file_image(parts_->file, nullptr, 0);
  if (size < 0) throw sim::IoError("HDF5 could not measure the file");
  std::vector<std::byte> image(static_cast<std::size_t>(size));
  if (H5Fget_file_image(parts_->file, image.data(), image.size()) != size)
    throw sim::IoError("HDF5 could not hand over the file");
  const std::string seal = seal_of(image);
  std::ranges::copy(std::as_bytes(std::span(seal)), std::back_inserter(image));
  return image;
}

struct Hdf5Reader::Parts {
  std::string path;
  std::uint64_t file_bytes = 0;
  Handle file;

  [[noreturn]] void refuse(const std::string& what) const {
    throw sim::IoError(fmt::format("{}: damaged: {}", path, what));
  }

  [[nodiscard]] Handle open(const std::string& variable) const {
    const hid_t id = H5Dopen2(file, variable.c_str(), H5P_DEFAULT);
    if (id < 0) refuse(fmt::format("`{}` cannot be opened", variable));
    return {id, H5Dclose, "open a variable"};
  }
  [[nodiscard]] static std::vector<std::size_t> shape(const Handle& dataset) {
    const Handle space(H5Dget_space(dataset), H5Sclose, "read a shape");
    std::vector<hsize_t> lengths(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
    if (!lengths.empty()) H5Sget_simple_extent_dims(space, lengths.data(), nullptr);
    return {lengths.begin(), lengths.end()};
  }
  /// The number of values; refuses more than a file of this size holds. Files of another program's making may be
  /// compressed, at best a thousand to one.
  [[nodiscard]] std::size_t count(const Handle& dataset, const std::string& variable) const {
    const Handle properties(H5Dget_create_plist(dataset), H5Pclose, "read properties");
    const bool is_packed = H5Pget_nfilters(properties) > 0;
    const std::uint64_t most = std::max<std::uint64_t>(file_bytes, 1) * (is_packed ? 1000 : 1);
    std::uint64_t count = 1;
    for (const std::uint64_t length : shape(dataset)) {
      if (length != 0 && count > most / length)
        refuse(fmt::format("`{}` says that it has more values than fit into the file", variable));
      count *= length;
    }
    return static_cast<std::size_t>(count);
  }
  void require_class(const Handle& dataset, const std::string& variable, bool is_text) const {
    const Handle type(H5Dget_type(dataset), H5Tclose, "read a type");
    const H5T_class_t found = H5Tget_class(type);
    if (is_text ? found == H5T_STRING : found == H5T_INTEGER || found == H5T_FLOAT) return;
    refuse(fmt::format("`{}` holds no {}", variable, is_text ? "texts" : "numbers"));
  }
  [[nodiscard]] Handle object(const std::string& variable) const {
    const hid_t id = H5Oopen(file, variable.empty() ? "/" : variable.c_str(), H5P_DEFAULT);
    if (id < 0) refuse(fmt::format("`{}` cannot be opened", variable.empty() ? "/" : variable));
    return {id, H5Oclose, "open a variable"};
  }
  /// nullopt where there is no such attribute, or none of one value.
  [[nodiscard]] std::optional<Handle> single(const Handle& owner, const std::string& name) const {
    if (H5Aexists(owner, name.c_str()) <= 0) return std::nullopt;
    const hid_t id = H5Aopen(owner, name.c_str(), H5P_DEFAULT);
    if (id < 0) refuse(fmt::format("the attribute `{}` cannot be opened", name));
    Handle attribute(id, H5Aclose, "open an attribute");
    const Handle space(H5Aget_space(attribute), H5Sclose, "read a shape");
    if (H5Sget_simple_extent_npoints(space) != 1) return std::nullopt;
    return attribute;
  }
};

Hdf5Reader::Hdf5Reader(const std::string& path) : parts_(std::make_unique<Parts>()) {
  keep_quiet();
  parts_->path = path;
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) parts_->file_bytes = std::filesystem::file_size(path, error);
  std::ifstream bytes(path, std::ios::binary);
  check_seal(path, parts_->file_bytes, [&](std::uint64_t at, std::string& block) {
    bytes.seekg(static_cast<std::streamoff>(at));
    if (!bytes.read(block.data(), static_cast<std::streamsize>(block.size())))
      throw sim::IoError(fmt::format("{}: could not read it", path));
  });
  const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  if (file < 0) throw sim::IoError(fmt::format("{}: not a results file (HDF5 cannot open it)", path));
  parts_->file = Handle(file, H5Fclose, "open the file");
}

Hdf5Reader::Hdf5Reader(const std::string& name, std::span<const std::byte> image) : parts_(std::make_unique<Parts>()) {
  keep_quiet();
  parts_->path = name;
  parts_->file_bytes = image.size();
  check_seal(name, image.size(),
             [&](std::uint64_t at, std::string& block) { std::memcpy(block.data(), image.data() + at, block.size()); });
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "make properties");
  constexpr std::size_t increment_bytes = std::size_t{1} << 20;
  require(H5Pset_fapl_core(access, increment_bytes, false), "keep a file in memory");
  std::vector<std::byte> copy(image.begin(), image.end());  // HDF5 wants it writable, and takes a copy of its own
  require(H5Pset_file_image(access, copy.data(), copy.size()), "take a file from memory");
  const hid_t file = H5Fopen(name_in_memory(parts_.get()).c_str(), H5F_ACC_RDONLY, access);
  if (file < 0) throw sim::IoError(fmt::format("{}: not a results file (HDF5 cannot open it)", name));
  parts_->file = Handle(file, H5Fclose, "open a file in memory");
}

Hdf5Reader::~Hdf5Reader() = default;

bool Hdf5Reader::has(const std::string& variable) const {
  return H5Lexists(parts_->file, variable.c_str(), H5P_DEFAULT) > 0;
}

std::vector<std::string> Hdf5Reader::names() const {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* into) -> herr_t {
    static_cast<std::vector<std::string>*>(into)->emplace_back(name);
    return 0;
  };
  require(H5Literate(parts_->file, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names), "list the variables");
  return names;
}

Dimensions Hdf5Reader::dimensions(const std::string& variable) const {
  const Handle dataset = parts_->open(variable);
  const auto add = [](hid_t, unsigned, hid_t scale, void* into) -> herr_t {
    std::array<char, 256> path{};
    if (H5Iget_name(scale, path.data(), path.size()) <= 0) return -1;
    *static_cast<std::string*>(into) = path.data() + 1;  // without the root's slash
    return 1;                                            // one is enough
  };
  Dimensions names(Parts::shape(dataset).size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (H5DSget_num_scales(dataset, static_cast<unsigned>(i)) <= 0) continue;
    require(H5DSiterate_scales(dataset, static_cast<unsigned>(i), nullptr, add, &names[i]), "read a dimension");
  }
  return names;
}

std::vector<std::size_t> Hdf5Reader::shape(const std::string& variable) const {
  return Parts::shape(parts_->open(variable));
}

std::vector<double> Hdf5Reader::numbers(const std::string& variable) const {
  const Handle dataset = parts_->open(variable);
  parts_->require_class(dataset, variable, false);
  std::vector<double> values(parts_->count(dataset, variable));
  if (!values.empty() && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    parts_->refuse(fmt::format("`{}` cannot be read", variable));
  return values;
}

std::vector<double> Hdf5Reader::rows(const std::string& variable, std::size_t first, std::size_t count) const {
  const Handle dataset = parts_->open(variable);
  parts_->require_class(dataset, variable, false);
  const std::size_t all = parts_->count(dataset, variable);
  const auto lengths = Parts::shape(dataset);
  if (lengths.empty() || first > lengths.front() || count > lengths.front() - first)
    parts_->refuse(fmt::format("`{}` has fewer rows than are asked of it", variable));
  const std::size_t width = lengths.front() == 0 ? 0 : all / lengths.front();
  std::vector<double> values(count * width);
  if (values.empty()) return values;
  std::vector<hsize_t> begin(lengths.size(), 0);
  std::vector<hsize_t> extent(lengths.begin(), lengths.end());
  begin.front() = first;
  extent.front() = count;
  const Handle there(H5Dget_space(dataset), H5Sclose, "read a shape");
  require(H5Sselect_hyperslab(there, H5S_SELECT_SET, begin.data(), nullptr, extent.data(), nullptr), "choose rows");
  const Handle here = space_of(extent);
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, here, there, H5P_DEFAULT, values.data()) < 0)
    parts_->refuse(fmt::format("`{}` cannot be read", variable));
  return values;
}

std::vector<std::string> Hdf5Reader::texts(const std::string& variable) const {
  const Handle dataset = parts_->open(variable);
  parts_->require_class(dataset, variable, true);
  const Handle type = text_type();
  std::vector<char*> data(parts_->count(dataset, variable), nullptr);
  if (data.empty()) return {};
  if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data.data()) < 0)
    parts_->refuse(fmt::format("`{}` cannot be read", variable));
  std::vector<std::string> texts;
  for (const char* text : data) texts.emplace_back(text == nullptr ? "" : text);
  const Handle space(H5Dget_space(dataset), H5Sclose, "read a shape");
  require(H5Dvlen_reclaim(type, space, H5P_DEFAULT, data.data()), "free memory");
  return texts;
}

std::optional<std::string> Hdf5Reader::text_attribute(const std::string& variable, const std::string& name) const {
  const Handle object = parts_->object(variable);
  const auto attribute = parts_->single(object, name);
  if (!attribute) return std::nullopt;
  const Handle type = text_type();
  char* text = nullptr;
  if (H5Aread(*attribute, type, static_cast<void*>(&text)) < 0 || text == nullptr) return std::nullopt;
  std::string value = text;
  H5free_memory(text);
  return value;
}

std::optional<std::uint64_t> Hdf5Reader::count_attribute(const std::string& variable, const std::string& name) const {
  const Handle object = parts_->object(variable);
  const auto attribute = parts_->single(object, name);
  if (!attribute) return std::nullopt;
  const Handle type(H5Aget_type(*attribute), H5Tclose, "read a type");
  std::uint64_t value = 0;
  if (H5Tget_class(type) != H5T_INTEGER || H5Aread(*attribute, H5T_NATIVE_UINT64, &value) < 0) return std::nullopt;
  return value;
}

bool begins_as_hdf5(const std::string& path) {
  constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
  std::array<char, signature.size()> begin{};
  std::ifstream file(path, std::ios::binary);
  return file.read(begin.data(), begin.size()) && std::string_view(begin.data(), begin.size()) == signature;
}

}  // namespace fleetwatt::analysis
