#include "app/settings/password_store.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <thread>

namespace auroraedge::app {
namespace {

using testing::readFile;
using testing::TemporaryFolder;

unsigned modeOf(const std::filesystem::path &file)
{
    struct stat status{};
    return stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0;
}

class PasswordStoreTest : public ::testing::Test
{
protected:
    std::optional<std::string> found(const std::string &name)
    {
        const Result<std::optional<std::string>> secret = m_store.find(name);
        EXPECT_TRUE(secret) << secret.error().message;
        return secret ? *secret : std::nullopt;
    }
    const TemporaryFolder m_home;
    const std::filesystem::path m_secrets = m_home / "passwords.json", m_key = m_home / "passwords.key";
    PasswordStore m_store{m_home.path()};
};

TEST_F(PasswordStoreTest, GivesBackWhatItWasToldAlsoAtTheNextStart)
{
    EXPECT_EQ(found("rtsp://gate/1"), std::nullopt);
    ASSERT_TRUE(m_store.keep("rtsp://gate/1", "rtsp://op:Sésame 開@gate/1"));
    ASSERT_TRUE(m_store.keep("rtsp://gate/2", ""));
    EXPECT_EQ(PasswordStore(m_home.path()).find("rtsp://gate/1").value(), "rtsp://op:Sésame 開@gate/1");
    EXPECT_EQ(found("rtsp://gate/2"), "");
    ASSERT_TRUE(m_store.keep("rtsp://gate/1", "newer"));
    EXPECT_EQ(found("rtsp://gate/1"), "newer");
    ASSERT_TRUE(m_store.forget("rtsp://gate/1"));
    EXPECT_EQ(found("rtsp://gate/1"), std::nullopt);
    EXPECT_EQ(found("rtsp://gate/2"), "");
}

TEST_F(PasswordStoreTest, IsForItsOwnerAloneAndHoldsNoSecretInClear)
{
    ASSERT_TRUE(m_store.keep("gate", "sesame-sesame-sesame"));
    EXPECT_EQ(modeOf(m_secrets), 0600U);
    EXPECT_EQ(modeOf(m_key), 0600U);
    EXPECT_EQ(readFile(m_secrets).find("sesame"), std::string::npos);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(m_home.path()), std::filesystem::directory_iterator()), 2);
    const std::string first = readFile(m_secrets);
    ASSERT_TRUE(m_store.keep("gate", "sesame-sesame-sesame"));
    EXPECT_NE(readFile(m_secrets), first); // the same secret twice does not look the same
}

TEST_F(PasswordStoreTest, IsReadBesideItsWritingAndGivesTheSecretFromBeforeOrAfter)
{
    const std::string before = "short", after(4'000, 'x');
    ASSERT_TRUE(m_store.keep("gate", before));
    std::jthread writer([this, &before, &after](const std::stop_token &stop) {
        PasswordStore store(m_home.path());
        for (int turn = 1; !stop.stop_requested(); ++turn)
            EXPECT_TRUE(store.keep("gate", turn % 2 == 0 ? before : after));
    });
    int changes = 0;
    for (std::string last = before; changes < 100;) {
        const std::optional<std::string> secret = found("gate");
        ASSERT_TRUE(secret == before || secret == after);
        changes += std::exchange(last, *secret) != *secret ? 1 : 0;
    }
}

TEST_F(PasswordStoreTest, TellsWhenItWasAlteredOrItsKeyIsGone)
{
    ASSERT_TRUE(m_store.keep("a", "sesame"));
    ASSERT_TRUE(m_store.keep("b", "other"));
    const std::string whole = readFile(m_secrets), key = readFile(m_key);
    // Each digit of the cipher text, and one secret under another's name.
    for (std::size_t at = whole.find(": \"") + 3; at < whole.find("\",") - 2; at += 5) {
        std::string changed = whole;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        (void)m_home.write("passwords.json", changed);
        EXPECT_EQ(m_store.find("a").error().code, code::SettingsDamaged) << at;
    }
    std::string swapped = whole;
    swapped[swapped.find("\"a\"") + 1] = 'c';
    swapped[swapped.find("\"b\"") + 1] = 'a';
    (void)m_home.write("passwords.json", swapped);
    EXPECT_EQ(m_store.find("a").error().code, code::SettingsDamaged);
    for (const char *content : {"[]", "{\"a\": 1}", "{", "{\"a\": \"####\"}", "{\"a\": \"\"}"}) {
        (void)m_home.write("passwords.json", std::string(content));
        EXPECT_EQ(m_store.find("a").error().code, code::SettingsDamaged) << content;
    }
    (void)m_home.write("passwords.json", whole);
    EXPECT_EQ(found("a"), "sesame");
    (void)m_home.write("passwords.key", key.substr(1));
    EXPECT_EQ(m_store.find("a").error().code, code::SettingsDamaged);
    std::filesystem::remove(m_key);
    EXPECT_EQ(m_store.find("a").error().message, "kept passwords cannot be read: passwords.key is gone; type them again");
}

TEST_F(PasswordStoreTest, ATypedSecretIsKeptAlsoWhereTheOldOnesCannotBeReadAndThoseStayBesideIt)
{
    ASSERT_TRUE(m_store.keep("a", "sesame"));
    const std::string whole = readFile(m_secrets), key = readFile(m_key);
    std::filesystem::remove(m_key);
    ASSERT_TRUE(m_store.keep("b", "new"));
    EXPECT_EQ(found("b"), "new");
    EXPECT_EQ(found("a"), std::nullopt);
    EXPECT_EQ(readFile(m_secrets.string() + ".damaged"), whole);

    (void)m_home.write("passwords.json", std::string("{"));
    const std::string secondKey = readFile(m_key);
    ASSERT_TRUE(m_store.keep("a", "sesame again"));
    EXPECT_EQ(found("a"), "sesame again");
    EXPECT_EQ(readFile(m_secrets.string() + ".damaged"), whole) << "never over another";
    EXPECT_EQ(readFile(m_secrets.string() + ".damaged-2"), "{");
    EXPECT_EQ(readFile(m_key.string() + ".damaged"), secondKey);
}

} // namespace
} // namespace auroraedge::app
