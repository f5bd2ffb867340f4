// What people write for things whose names in the catalogue share no letters with it: places and cloud regions, other
// releases of a model. Only ever suggested, never taken for the thing itself: a cloud's region is not a grid's.
#pragma once

#include <array>
#include <string_view>

namespace fleetwatt::scenarios {

struct KnownSpelling {
  std::string_view written;  ///< lower case, letters and digits alone
  std::string_view name;
};

inline constexpr std::array known_spellings = {
    // Amazon, by where the data centers stand
    KnownSpelling{"useast1", "PJM"}, KnownSpelling{"useast2", "PJM"}, KnownSpelling{"uswest1", "CISO"},
    KnownSpelling{"uswest2", "BPAT"}, KnownSpelling{"cacentral1", "CA-QC"}, KnownSpelling{"euwest1", "IE"},
    KnownSpelling{"euwest2", "GB"}, KnownSpelling{"euwest3", "FR"}, KnownSpelling{"eucentral1", "DE"},
    KnownSpelling{"eunorth1", "SE-SE3"}, KnownSpelling{"eusouth2", "ES"}, KnownSpelling{"apsoutheast1", "SG"},
    KnownSpelling{"apsoutheast2", "AU-NSW"}, KnownSpelling{"apnortheast1", "JP-TK"},
    KnownSpelling{"apnortheast2", "KR"}, KnownSpelling{"apsouth1", "IN-WE"}, KnownSpelling{"saeast1", "BR-CS"},
    // Google
    KnownSpelling{"uscentral1", "MISO"}, KnownSpelling{"useast4", "PJM"}, KnownSpelling{"useast5", "PJM"},
    KnownSpelling{"ussouth1", "ERCO"}, KnownSpelling{"uswest3", "PACE"}, KnownSpelling{"uswest4", "NEVP"},
    KnownSpelling{"europewest1", "BE"}, KnownSpelling{"europewest2", "GB"}, KnownSpelling{"europewest3", "DE"},
    KnownSpelling{"europewest4", "NL"}, KnownSpelling{"europewest6", "CH"}, KnownSpelling{"europewest9", "FR"},
    KnownSpelling{"europenorth1", "FI"}, KnownSpelling{"asiasoutheast1", "SG"}, KnownSpelling{"asiaeast1", "TW"},
    KnownSpelling{"asianortheast1", "JP-TK"},
    // Microsoft
    KnownSpelling{"eastus", "PJM"}, KnownSpelling{"eastus2", "PJM"}, KnownSpelling{"westus", "CISO"},
    KnownSpelling{"westus2", "GCPD"}, KnownSpelling{"westus3", "AZPS"}, KnownSpelling{"centralus", "MISO"},
    KnownSpelling{"southcentralus", "ERCO"}, KnownSpelling{"northeurope", "IE"}, KnownSpelling{"westeurope", "NL"},
    KnownSpelling{"uksouth", "GB"}, KnownSpelling{"francecentral", "FR"}, KnownSpelling{"germanywestcentral", "DE"},
    KnownSpelling{"swedencentral", "SE-SE3"}, KnownSpelling{"switzerlandnorth", "CH"},
    KnownSpelling{"japaneast", "JP-TK"}, KnownSpelling{"southeastasia", "SG"}, KnownSpelling{"uaenorth", "AE"},
    // places
    KnownSpelling{"virginia", "PJM"}, KnownSpelling{"virginia", "ashburn"}, KnownSpelling{"ohio", "PJM"},
    KnownSpelling{"ohio", "columbus"}, KnownSpelling{"illinois", "PJM"}, KnownSpelling{"texas", "ERCO"},
    KnownSpelling{"texas", "dallas"}, KnownSpelling{"california", "CISO"}, KnownSpelling{"california", "san-jose"},
    KnownSpelling{"oregon", "BPAT"}, KnownSpelling{"oregon", "hillsboro"}, KnownSpelling{"iowa", "MISO"},
    KnownSpelling{"georgia", "SOCO"}, KnownSpelling{"georgia", "atlanta"}, KnownSpelling{"arizona", "AZPS"},
    KnownSpelling{"arizona", "phoenix"}, KnownSpelling{"nevada", "NEVP"}, KnownSpelling{"utah", "PACE"},
    KnownSpelling{"tennessee", "TVA"}, KnownSpelling{"newyork", "NYIS"}, KnownSpelling{"newengland", "ISNE"},
    KnownSpelling{"northcarolina", "DUK"}, KnownSpelling{"colorado", "PSCO"}, KnownSpelling{"florida", "FPL"},
    KnownSpelling{"usa", "US"}, KnownSpelling{"unitedstates", "US"}, KnownSpelling{"ireland", "IE"},
    KnownSpelling{"germany", "DE"}, KnownSpelling{"uk", "GB"}, KnownSpelling{"unitedkingdom", "GB"},
    KnownSpelling{"france", "FR"}, KnownSpelling{"sweden", "SE"}, KnownSpelling{"singapore", "SG"},
    KnownSpelling{"india", "IN"}, KnownSpelling{"japan", "JP"}, KnownSpelling{"malaysia", "MY"},
    KnownSpelling{"netherlands", "NL"}, KnownSpelling{"finland", "FI"}, KnownSpelling{"norway", "NO"},
    KnownSpelling{"denmark", "DK"}, KnownSpelling{"belgium", "BE"}, KnownSpelling{"spain", "ES"},
    KnownSpelling{"switzerland", "CH"}, KnownSpelling{"poland", "PL"}, KnownSpelling{"quebec", "CA-QC"},
    KnownSpelling{"ontario", "CA-ON"}, KnownSpelling{"sydney", "AU-NSW"}, KnownSpelling{"brazil", "BR-CS"},
    KnownSpelling{"korea", "KR"}, KnownSpelling{"southkorea", "KR"}, KnownSpelling{"taiwan", "TW"},
    KnownSpelling{"uae", "AE"},
    // one shape under several names
    KnownSpelling{"deepseekv3", "deepseek-r1"}, KnownSpelling{"llama3370b", "llama-3.1-70b"},
    KnownSpelling{"hgxh100", "dgx-h100"}, KnownSpelling{"hgxh200", "dgx-h200"}, KnownSpelling{"fp16", "bf16"},
    KnownSpelling{"float16", "bf16"}, KnownSpelling{"half", "bf16"}, KnownSpelling{"fp4", "mxfp4"},
    KnownSpelling{"awq", "int4"}, KnownSpelling{"gptq", "int4"}};

}  // namespace fleetwatt::scenarios
