# Holds the one-way graph of the rooms by their include lines: cmake -DROOT=<source dir> -P check_layers.cmake
# Distribution packages put torch/ and sqlite3.h on the default include path, where no link line fences them.
cmake_minimum_required(VERSION 3.25)

set(checked 0)
function(forbid room regex)
  file(GLOB_RECURSE files "${ROOT}/${room}/*.h" "${ROOT}/${room}/*.cpp")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" hits REGEX "^ *# *include *[<\"](${regex})")
    foreach(hit IN LISTS hits)
      message(SEND_ERROR "${file}: ${hit} is not allowed in ${room}/")
    endforeach()
  endforeach()
  list(LENGTH files count)
  math(EXPR sum "${checked} + ${count}")
  set(checked ${sum} PARENT_SCOPE)
endfunction()

set(torch "torch/|ATen/|c10/|caffe2/|sentencepiece")
set(engine_inside "engine/([^a]|a[^p])")   # anything but engine/api/
set(plugin_inside "plugins/([^a]|a[^p])")  # anything but plugins/api/

forbid(engine "Q[A-Z]|opencv2/|sqlite3|(app|ui|plugins)/")
forbid(engine/api "${torch}|nlohmann|pcre2|sodium|${engine_inside}")
forbid(ui "${torch}|opencv2/|sqlite3|(app|plugins)/|${engine_inside}")
forbid(plugins "${torch}|sqlite3|(app|ui)/|${engine_inside}")
forbid(plugins/api "opencv2/|${plugin_inside}")
forbid(plugins/opencv_camera "plugins/(folder_source|network_camera)|lib(av|sw)")
forbid(plugins/folder_source "plugins/(opencv_camera|network_camera)|lib(av|sw)")
forbid(plugins/network_camera "plugins/(opencv_camera|folder_source)|opencv2/")
forbid(app "${torch}|${engine_inside}|${plugin_inside}")

# Inside app: one room each for a heavy library, and no thread worker knows the window.
foreach(room IN ITEMS batch cli engine_host export inspection model_shelf pipeline plugins products settings storage training window)
  forbid(app/${room} "opencv2/")
  if(NOT room STREQUAL "storage")
    forbid(app/${room} "sqlite3")
  endif()
  if(NOT room STREQUAL "window")
    forbid(app/${room} "ui/|QtWidgets|QApplication|QWidget|app/window")
  endif()
endforeach()
# Two rooms know OpenCV: imaging reads and writes pictures with it, drawing paints those to train on.
forbid(app/imaging "sqlite3|ui/|Q[A-Z]")
forbid(app/drawing "sqlite3|ui/|Q[A-Z]")

if(checked LESS 50)
  message(SEND_ERROR "only ${checked} files were looked at under ${ROOT}: is that the source folder?")
endif()
message(STATUS "${checked} files keep to their rooms")
