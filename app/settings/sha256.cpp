#include "app/settings/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <new>

namespace auroraedge::app {

std::string sha256Hex(std::span<const std::uint8_t> bytes)
{
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) // for want of memory
        throw std::bad_alloc();
    return hexOf(digest);
}

std::string hexOf(std::span<const std::uint8_t> bytes)
{
    std::string hex;
    hex.reserve(2 * bytes.size());
    for (const std::uint8_t byte : bytes) {
        constexpr char kDigits[] = "0123456789abcdef";
        hex += kDigits[byte >> 4];
        hex += kDigits[byte & 15];
    }
    return hex;
}

} // namespace auroraedge::app
