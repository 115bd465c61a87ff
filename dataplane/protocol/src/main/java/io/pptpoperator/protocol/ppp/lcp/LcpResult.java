package io.pptpoperator.protocol.ppp.lcp;

import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import java.util.Optional;

/**
 * What LCP agreed on.
 *
 * @param peerMru the longest information field, in bytes, that the peer takes
 * @param peerMagic the peer's magic number, 0 when it has none
 * @param peerTakesPfc whether the peer takes protocol numbers of one byte
 * @param peerTakesAcfc whether the peer takes frames without FF 03
 * @param peerProvesBy how the peer proves who it is
 * @param weProveBy how this end proves who it is
 */
public record LcpResult(int peerMru, int peerMagic, boolean peerTakesPfc, boolean peerTakesAcfc,
        Optional<AuthMethod> peerProvesBy, Optional<AuthMethod> weProveBy) {}
