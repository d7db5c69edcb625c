#pragma once

#include "engine/models/aurora_edge.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace auroraedge::engine {

/// One question as ids: the prompt, then the answer with its end token.
struct TokenisedTurn
{
    std::vector<std::int64_t> prompt, answer;
    int family = 0; ///< index for running figures
};

/// Several questions behind one picture, one row a picture: [visual tokens, block, block, ...]. Blocks do not see each
/// other and each counts its positions from the visual tokens on, so every block computes exactly what it would
/// compute alone, and the picture is encoded once.
struct PackedQuestions
{
    at::Tensor ids;        ///< [B, T] int64, right padded with 0
    at::Tensor isPrompt;   ///< [B, T] bool: rows that pass the fusion module
    at::Tensor blocks;     ///< [B, T] int64, -1 for padding
    at::Tensor positions;  ///< [B, T] int64: index inside the block
    at::Tensor labelRows;  ///< [L] int64: flat index b * T + t of the rows that predict a token
    at::Tensor labels;     ///< [L] int64: the token each must predict
    at::Tensor isEnd;      ///< [L] bool: the label is the end token
    at::Tensor turnOf;     ///< [L] int64: running number of the turn, for exact-match figures
    std::vector<int> families; ///< of each turn, by running number
};

/// @param rows the turns of each picture, at least one each. @param device where the tensors are to lie.
PackedQuestions packQuestions(const std::vector<std::vector<TokenisedTurn>> &rows, at::Device device = at::kCPU);

/// Logits of the label rows [L, vocab] fp32.
/// @param projected [B, S', D] and compressed [B, Nc, D] of the pictures; every slot given is valid.
at::Tensor answerLogits(const AuroraEdge &model, const PackedQuestions &packed, const at::Tensor &projected,
                        const at::Tensor &compressed);

} // namespace auroraedge::engine
