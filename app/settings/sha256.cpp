#include "app/settings/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <charconv>
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

std::optional<std::string> bytesOfHex(std::string_view hex)
{
    if (hex.size() % 2 != 0)
        return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        unsigned char byte = 0;
        const char *const end = hex.data() + i + 2;
        if (const auto [next, problem] = std::from_chars(hex.data() + i, end, byte, 16); problem != std::errc() || next != end)
            return std::nullopt;
        bytes += static_cast<char>(byte);
    }
    return bytes;
}

} // namespace auroraedge::app
