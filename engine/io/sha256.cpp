#include "engine/io/sha256.h"

#include <sodium.h>

#include <array>

namespace auroraedge::engine {

std::string sha256Hex(std::span<const std::byte> bytes)
{
    std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
    crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size());
    std::string hex(2 * digest.size() + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
    hex.pop_back();
    return hex;
}

} // namespace auroraedge::engine
