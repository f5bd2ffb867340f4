// Descriptions of image and video services, and of the models and engines that they name.
#include "scenarios/schema/catalog_entry.hpp"
#include "scenarios/schema/scenario.hpp"
#include "scenarios/schema/tables.hpp"

namespace fleetwatt::scenarios {

namespace {

struct NamedMedia {
  std::string_view name;
  std::string_view meaning;
  models::Media value;
};
constexpr std::array media = {NamedMedia{"image", "text to image", models::Media::image},
                              NamedMedia{"video", "text to video", models::Media::video}};

struct NamedAttention {
  std::string_view name;
  std::string_view meaning;
  models::DiffusionAttention value;
};
constexpr std::array attentions = {
    NamedAttention{"full", "every token attends to every token", models::DiffusionAttention::full},
    NamedAttention{"linear", "its cost is in the weights", models::DiffusionAttention::linear}};

constexpr Range parts{1, 1e6};
constexpr Range pixels{1, 65536};

const TableSpec& constants_table() {
  static const TableSpec table = [] {
    TableSpec described{"constants of one kind of media; the form is in models/diffusion/batch_cost.hpp", {}};
    add_terms(described.fields, models::diffusion_time_terms, units::none);
    add_terms(described.fields, models::diffusion_power_terms, units::watt);
    return described;
  }();
  return table;
}

const TableSpec& host_table() {
  static const TableSpec table = [] {
    TableSpec described{"what launching costs on the host", {}};
    add_terms(described.fields, models::diffusion_host_terms, units::none);
    return described;
  }();
  return table;
}

}  // namespace

const TableSpec& diffusion_table() {
  using P = DiffusionSpec;
  static const TableSpec table{
      "what an image or video service makes, and on how many GPUs; absent sizes are the model's own",
      {field("steps", &P::steps, {.range = {1, 10000}, .meaning = "denoising steps"}),
       field("width_px", &P::width_px, {.range = pixels, .meaning = "a whole number of the model's patches"}),
       field("height_px", &P::height_px, {.range = pixels, .meaning = "likewise"}),
       field("frames", &P::frames, {.range = {1, 100000}, .meaning = "of a video; one for an image"}),
       field("ulysses_parallel", &P::ulysses_parallel,
             {.range = {1, 256}, .meaning = "GPUs over which heads are dealt in attention; divides the heads"}),
       field("ring_parallel", &P::ring_parallel,
             {.range = {1, 256}, .meaning = "GPUs round which keys and values go, times the others"})}};
  return table;
}

const TableSpec& diffusion_model_entry_table() {
  using E = DiffusionModelEntry;
  const auto whole = [](const char* key, int models::DiffusionModel::*member, const char* meaning) {
    return field<E>(key, member, {.range = {0, 1e6}, .meaning = meaning});
  };
  static const TableSpec table{
      "a diffusion transformer that makes images or videos",
      entry_fields<E>(
          &E::basis,
          {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
           choice<E>("media", &E::media, media, [](const NamedMedia& m) { return m.value; },
                     {.meaning = "what it makes"}),
           field<E>("parameters_billion", &E::parameters,
                    {.unit = units::billion, .range = {0.001, 1e4}, .meaning = "of the denoising network"}),
           field<E>("token_weights_billion", &E::token_weights,
                    {.unit = units::billion, .range = {0.001, 1e4}, .meaning = "of them, those that one token passes"}),
           whole("layers", &E::layers, "layers"),
           whole("hidden", &E::hidden, "width of a token"),
           whole("head_dim", &E::head_dim, "width of a head"),
           whole("attention_blocks", &E::attention_blocks, "absent: one a layer"),
           choice<E>("attention", &E::attention, attentions, [](const NamedAttention& a) { return a.value; },
                     {.meaning = "over the tokens of the picture"}),
           field<E>("text_joins_attention", &E::text_joins_attention,
                    {.meaning = "text and picture attend to each other; else text gives keys and values only"}),
           whole("text_tokens", &E::text_tokens, "text that passes the network whole on every GPU, padded"),
           field<E>("guidance_passes", &E::guidance_passes,
                    {.range = {1, 8}, .meaning = "passes a step: two with classifier-free guidance"}),
           field<E>("element_bytes", &E::element_bytes,
                    {.range = {0, 1e5},
                     .meaning = "memory traffic of element-wise kernels a layer, token and hidden value"}),
           field<E>("patch_px", &E::patch_px, {.range = {1, 4096}, .meaning = "a token's side in pixels"}),
           field<E>("frames_a_latent", &E::frames_a_latent,
                    {.range = parts, .meaning = "frames after the first that one latent frame holds"}),
           field<E>("latent_frames_a_token", &E::latent_frames_a_token,
                    {.range = parts, .meaning = "latent frames that one token spans"}),
           field<E>("steps", &E::steps, {.range = {1, 10000}, .meaning = "released default"}),
           field<E>("width_px", &E::width_px, {.range = pixels, .meaning = "likewise"}),
           field<E>("height_px", &E::height_px, {.range = pixels, .meaning = "likewise"}),
           field<E>("frames", &E::frames, {.range = {1, 100000}, .meaning = "likewise"}),
           field<E>("frames_per_s", &E::frames_per_s,
                    {.unit = units::per_s, .range = {0, 1000}, .meaning = "of a video as it is played"})})};
  return table;
}

const TableSpec& diffusion_engine_entry_table() {
  using E = DiffusionEngineEntry;
  static const TableSpec table{
      "an engine for images and videos on one kind of accelerator",
      entry_fields<E>(&E::basis, {field<E>("title", &E::title, {.meaning = "as it reads on the screen"}),
                                  field<E>("accelerator", &E::accelerator, {.meaning = "on which it was calibrated"}),
                                  field<E>("largest_batch", &E::largest_batch,
                                           {.range = {0, 1e6},
                                            .meaning = "items at once among the measurements behind the constants"}),
                                  table_of<E>("host", &E::host, host_table(), {.meaning = "launches"}),
                                  table_of<E>("image", &E::image, constants_table(), {.meaning = "text to image"}),
                                  table_of<E>("video", &E::video, constants_table(), {.meaning = "text to video"})})};
  return table;
}

}  // namespace fleetwatt::scenarios
