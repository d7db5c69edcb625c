#pragma once // LibTorch asks for this header and uses nothing of it
