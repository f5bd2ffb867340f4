// An engine's power constants on an accelerator that it was not calibrated on. Their watts are joules an ideal second
// at the *other* part's peak rates: as they stand they would charge a slower part more joules for the same work and
// hold it at its power limit for nothing. What a kernel draws whatever it does goes with the TDP; the joules of an
// operation and of a byte stay. Leaves out: that memories of other kinds take other joules a byte. An assumption, to be
// replaced by a power log.
#pragma once

#include "models/hardware/accelerator.hpp"
#include "models/serving/engine_constants.hpp"

namespace fleetwatt::models {

/// The constants of an engine calibrated on `from`, for `to`; the same where both are one part. Both need TDP, BF16 and
/// memory rates above 0.
[[nodiscard]] EngineConstants with_carried_power(EngineConstants engine, const Accelerator& from,
                                                 const Accelerator& to);

}  // namespace fleetwatt::models
