#include "app/settings/password_store.h"

#include "app/settings/damaged_file.h"
#include "app/settings/json_file.h"
#include "app/settings/json_settings.h"
#include "app/settings/out_file.h"

#include <nlohmann/json.hpp>
#include <sodium.h>

#include <array>
#include <map>
#include <string_view>
#include <sys/stat.h>

namespace auroraedge::app {
namespace fs = std::filesystem;
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL;

using Secrets = std::map<std::string, std::string>; ///< by name: nonce and cipher text, in base64

/// The key, wiped when it is no longer needed.
struct Key
{
    std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES> bytes{};
    ~Key() { sodium_memzero(bytes.data(), bytes.size()); }
};

const unsigned char *bytesOf(const std::string &text)
{
    return reinterpret_cast<const unsigned char *>(text.data());
}

Failure unreadable(const fs::path &file, const std::string &why)
{
    return failure(code::SettingsDamaged, "kept passwords cannot be read: " + why + "; type them again", file.string());
}

Result<void> writeForOwner(const fs::path &file, std::string_view bytes)
{
    const Result<std::unique_ptr<OutFile>> out = OutFile::create(file, kOwnerOnly);
    if (!out)
        return failure(out.error());
    if (const Result<void> written = (*out)->write(bytes); !written)
        return written;
    return (*out)->publish();
}

Result<Secrets> readSecrets(const fs::path &file)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return Secrets{};
    const Result<nlohmann::json> document = readJsonFile(file);
    if (!document && document.error().code != code::RecipeSyntax)
        return failure(document.error());
    if (!document || !document->is_object())
        return unreadable(file, "passwords.json is damaged");
    Secrets secrets;
    for (const auto &[name, sealed] : document->items()) {
        if (!sealed.is_string())
            return unreadable(file, "passwords.json is damaged");
        secrets[name] = sealed.get<std::string>();
    }
    return secrets;
}

Result<void> writeSecrets(const fs::path &file, const Secrets &secrets)
{
    return writeForOwner(file, nlohmann::json(secrets).dump(1) + "\n");
}

Result<void> readKey(const fs::path &file, Key &key)
{
    Result<std::string> bytes = readTextFile(file, std::int64_t{1} << 10);
    if (!bytes && bytes.error().code == code::FileNotFound)
        return unreadable(file, "passwords.key is gone");
    if (!bytes)
        return failure(bytes.error());
    const bool isWhole = bytes->size() == key.bytes.size();
    if (isWhole)
        std::copy(bytes->begin(), bytes->end(), key.bytes.begin());
    sodium_memzero(bytes->data(), bytes->size());
    if (!isWhole)
        return unreadable(file, "passwords.key is damaged");
    return {};
}

/// The key of the folder; made when there is none and nothing is kept under it.
Result<void> ensureKey(const fs::path &file, bool isNeeded, Key &key)
{
    std::error_code ignored;
    if (isNeeded || fs::exists(file, ignored))
        return readKey(file, key);
    crypto_aead_xchacha20poly1305_ietf_keygen(key.bytes.data());
    return writeForOwner(file, {reinterpret_cast<const char *>(key.bytes.data()), key.bytes.size()});
}

std::string seal(const Key &key, const std::string &name, const std::string &secret)
{
    std::string sealed(kNonceBytes + secret.size() + kTagBytes, '\0');
    auto *nonce = reinterpret_cast<unsigned char *>(sealed.data());
    randombytes_buf(nonce, kNonceBytes);
    crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + kNonceBytes, nullptr, bytesOf(secret), secret.size(), bytesOf(name),
                                               name.size(), nullptr, nonce, key.bytes.data());
    std::string text(sodium_base64_encoded_len(sealed.size(), kBase64), '\0');
    sodium_bin2base64(text.data(), text.size(), nonce, sealed.size(), kBase64);
    text.pop_back(); // the closing zero
    return text;
}

std::optional<std::string> unseal(const Key &key, const std::string &name, const std::string &text)
{
    std::string sealed(text.size(), '\0');
    std::size_t length = 0;
    auto *nonce = reinterpret_cast<unsigned char *>(sealed.data());
    if (sodium_base642bin(nonce, sealed.size(), text.data(), text.size(), nullptr, &length, nullptr, kBase64) != 0
        || length < kNonceBytes + kTagBytes)
        return std::nullopt;
    std::string secret(length - kNonceBytes - kTagBytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char *>(secret.data()), nullptr, nullptr,
                                                   nonce + kNonceBytes, length - kNonceBytes, bytesOf(name), name.size(),
                                                   nonce, key.bytes.data())
        != 0)
        return std::nullopt;
    return secret;
}

bool isSodiumReady()
{
    return sodium_init() >= 0; // 1 when it was ready before
}

} // namespace

Result<std::optional<std::string>> PasswordStore::find(const std::string &name) const
{
    const Result<Secrets> secrets = readSecrets(secretsFile());
    if (!secrets)
        return failure(secrets.error());
    const auto kept = secrets->find(name);
    if (kept == secrets->end())
        return std::optional<std::string>();
    Key key;
    if (!isSodiumReady())
        return failure(code::Internal, "the encryption library does not start");
    if (const Result<void> read = readKey(keyFile(), key); !read)
        return failure(read.error());
    std::optional<std::string> secret = unseal(key, name, kept->second);
    if (!secret)
        return unreadable(secretsFile(), "passwords.json or passwords.key was altered");
    return secret;
}

Result<void> PasswordStore::keep(const std::string &name, const std::string &secret)
{
    if (!isSodiumReady())
        return failure(code::Internal, "the encryption library does not start");
    const Result<void> added = add(name, secret);
    if (added || added.error().code != code::SettingsDamaged)
        return added;
    for (const fs::path &file : {secretsFile(), keyFile()}) {
        std::error_code ignored;
        if (!fs::exists(fs::symlink_status(file, ignored)))
            continue;
        if (const Result<fs::path> kept = keepDamaged(file); !kept)
            return failure(kept.error());
    }
    return add(name, secret);
}

Result<void> PasswordStore::add(const std::string &name, const std::string &secret)
{
    Result<Secrets> secrets = readSecrets(secretsFile());
    if (!secrets)
        return failure(secrets.error());
    Key key;
    if (const Result<void> ready = ensureKey(keyFile(), !secrets->empty(), key); !ready)
        return ready;
    (*secrets)[name] = seal(key, name, secret);
    return writeSecrets(secretsFile(), *secrets);
}

Result<void> PasswordStore::forget(const std::string &name)
{
    Result<Secrets> secrets = readSecrets(secretsFile());
    if (!secrets)
        return failure(secrets.error());
    if (secrets->erase(name) == 0)
        return {};
    return writeSecrets(secretsFile(), *secrets);
}

} // namespace auroraedge::app
