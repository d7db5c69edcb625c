set(AURORAEDGE_LIBTORCH_VERSION 2.13.0) # the one place where LibTorch is pinned; setup.sh reads it too
