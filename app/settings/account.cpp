#include "app/settings/account.h"

#include <pwd.h>
#include <unistd.h>

namespace auroraedge::app {

std::string accountName()
{
    const passwd *account = getpwuid(geteuid());
    return account ? account->pw_name : std::to_string(geteuid());
}

} // namespace auroraedge::app
