package io.pptpoperator.dataplane.network;

import io.pptpoperator.dataplane.linux.netlink.NftRule;
import java.util.Optional;

/**
 * Where a base chain refuses every packet that none of its rules has decided.
 *
 * @param chain the chain's name; that of the base chain, or of one that it sends everything to
 * @param rule what refuses; empty for the base chain's policy
 */
record Refusal(String chain, Optional<NftRule> rule) {}
