// What a log's status, success, failed or error column says of a request, in the several words that tools use.
#pragma once

#include <string_view>

namespace fleetwatt::analysis {

enum class RequestStatus { answered, failed, unknown };

/// Columns whose name contains `error` or `fail` hold nothing, a false value or a reason; other columns hold a word of
/// success or failure, true or false, or an HTTP status. An empty cell says nothing against the request.
[[nodiscard]] RequestStatus request_status(std::string_view column_name, std::string_view cell);

}  // namespace fleetwatt::analysis
