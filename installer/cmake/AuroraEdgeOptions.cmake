# auroraedge::options: language level, warnings and sanitizers of every target of this project.
add_library(auroraedge_options INTERFACE)
add_library(auroraedge::options ALIAS auroraedge_options)
target_compile_features(auroraedge_options INTERFACE cxx_std_20)
target_include_directories(auroraedge_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(auroraedge_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wnon-virtual-dtor -Woverloaded-virtual -fvisibility=hidden -g1
                       $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>) # GCC 12 warns of impossible overlaps in std::string (PR 105651)
target_compile_definitions(auroraedge_options INTERFACE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII)
# Loading videoio alone takes 0.1 s and 244 libraries: only what calls it shall.
target_link_options(auroraedge_options INTERFACE -Wl,--as-needed)
if(AURORAEDGE_WARNINGS_ARE_ERRORS)
  target_compile_options(auroraedge_options INTERFACE -Werror)
endif()
if(AURORAEDGE_SANITIZE)
  target_compile_options(auroraedge_options INTERFACE -fsanitize=${AURORAEDGE_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(auroraedge_options INTERFACE -fsanitize=${AURORAEDGE_SANITIZE})
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  target_link_options(auroraedge_options INTERFACE -fuse-ld=mold)
endif()
