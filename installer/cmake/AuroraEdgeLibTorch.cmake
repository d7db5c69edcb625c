# torch::torch from the wheel that installer/setup.sh unpacked, or from a LibTorch named by Torch_DIR or
# CMAKE_PREFIX_PATH. find_package(Torch) is avoided on purpose: with a CUDA wheel it stops at configure time on a
# station without the CUDA toolkit (the program opens libtorch_cuda.so at run time, when there is one).
include("${CMAKE_SOURCE_DIR}/installer/libtorch-version.cmake")

if(NOT AURORAEDGE_WITH_ENGINE)
  return()
endif()

# Named by the caller first, then the unpacked wheel; a distribution's own copy in /usr/include last.
set(torch_named "${Torch_DIR}/../../.." "${Torch_DIR}")
foreach(prefix IN LISTS CMAKE_PREFIX_PATH)
  list(APPEND torch_named "${prefix}" "${prefix}/../..")
endforeach()
string(REPLACE ":" ";" torch_prefixes "$ENV{CMAKE_PREFIX_PATH}")
foreach(prefix IN LISTS torch_prefixes)
  list(APPEND torch_named "${prefix}" "${prefix}/../..")
endforeach()
find_path(TORCH_INCLUDE_DIR ATen/core/Tensor.h
          PATHS ${torch_named} "${CMAKE_SOURCE_DIR}/.deps/libtorch-${AURORAEDGE_LIBTORCH_VERSION}/torch"
          PATH_SUFFIXES include NO_DEFAULT_PATH)
find_path(TORCH_INCLUDE_DIR ATen/core/Tensor.h)
get_filename_component(TORCH_ROOT "${TORCH_INCLUDE_DIR}" DIRECTORY)
find_library(TORCH_CPU_LIBRARY torch_cpu HINTS "${TORCH_ROOT}/lib" NO_DEFAULT_PATH)
find_library(TORCH_C10_LIBRARY c10 HINTS "${TORCH_ROOT}/lib" NO_DEFAULT_PATH)
if(NOT TORCH_INCLUDE_DIR OR NOT TORCH_CPU_LIBRARY OR NOT TORCH_C10_LIBRARY)
  message(FATAL_ERROR "LibTorch was not found. Run installer/run.sh once, or give Torch_DIR or CMAKE_PREFIX_PATH.")
endif()
file(STRINGS "${TORCH_INCLUDE_DIR}/torch/headeronly/version.h" version_lines REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
if(NOT version_lines)
  file(STRINGS "${TORCH_INCLUDE_DIR}/torch/csrc/api/include/torch/version.h" version_lines
       REGEX "define TORCH_VERSION_(MAJOR|MINOR) ")
endif()
string(REGEX MATCHALL "[0-9]+" version_numbers "${version_lines}")
list(JOIN version_numbers "." TORCH_FOUND_VERSION)
if(TORCH_FOUND_VERSION VERSION_LESS 2.6)
  message(FATAL_ERROR "LibTorch ${TORCH_FOUND_VERSION} at ${TORCH_ROOT} is too old: 2.6 is the oldest that works.")
endif()
message(STATUS "LibTorch ${TORCH_FOUND_VERSION}: ${TORCH_ROOT}")

add_library(torch::torch_cpu SHARED IMPORTED)
add_library(torch::c10 SHARED IMPORTED)
set_target_properties(torch::torch_cpu PROPERTIES IMPORTED_LOCATION "${TORCH_CPU_LIBRARY}" IMPORTED_SONAME libtorch_cpu.so)
set_target_properties(torch::c10 PROPERTIES IMPORTED_LOCATION "${TORCH_C10_LIBRARY}" IMPORTED_SONAME libc10.so)
add_library(torch::torch INTERFACE IMPORTED)
target_include_directories(torch::torch SYSTEM INTERFACE "${TORCH_INCLUDE_DIR}"
                           "${TORCH_INCLUDE_DIR}/torch/csrc/api/include")
target_link_libraries(torch::torch INTERFACE torch::torch_cpu torch::c10)
# A CUDA wheel's libtorch_cpu.so names libraries that only its own folders hold.
target_link_options(torch::torch INTERFACE -Wl,--allow-shlib-undefined)
set(TORCH_LIBRARY_DIR "${TORCH_ROOT}/lib")
