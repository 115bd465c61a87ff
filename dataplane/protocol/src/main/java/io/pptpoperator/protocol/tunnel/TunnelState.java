package io.pptpoperator.protocol.tunnel;

import io.pptpoperator.protocol.gre.GreState;
import io.pptpoperator.protocol.gre.ReceiveWindow;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import java.util.Optional;

/**
 * One end of one tunnel: its GRE numbers, the order of what it receives, how its PPP headers are shortened, its MPPE keys,
 * and the rule that no byte of IP passes in clear where encryption is required, agreed, or has ever begun. Who moves its
 * packets extends it by what else is kept of a tunnel. Belongs to one thread.
 */
public class TunnelState {
    /**
     * All that another one needs to go on in this one's place. Only one of them may send.
     *
     * @param peerCallId the peer's Call ID
     * @param encryptionRequired whether no IP ever passes in clear
     * @param encryptionBegun whether it was ever encrypted
     * @param compressAddress whether data frames to the peer go without FF 03
     * @param compressProtocol whether they go with a protocol number of one byte
     * @param gre the numbers of what is sent
     * @param window the numbers of what is received
     * @param encryptor what encrypts, if anything does
     * @param decryptor what decrypts, if anything does
     */
    public record Snapshot(int peerCallId, boolean encryptionRequired, boolean encryptionBegun, boolean compressAddress,
            boolean compressProtocol, GreState.Snapshot gre, ReceiveWindow.Snapshot window,
            Optional<MppeEncryptor.Snapshot> encryptor, Optional<MppeDecryptor.Snapshot> decryptor) {}

    /** Stands for a Call ID of the peer that is not known yet. */
    public static final int NOT_YET = -1;
    /** Milliseconds between two calls for CCP's help: undecipherable packets come in floods. */
    private static final long HELP_PAUSE = 100;

    private final boolean encryptionRequired;
    final GreState gre;
    final ReceiveWindow window;
    /** Which call our packets name. */
    int peerCallId;
    boolean compressAddress;
    boolean compressProtocol;
    MppeEncryptor encryptor;
    MppeDecryptor decryptor;
    /** A link that was encrypted once is never clear again (RFC 3078 section 2). */
    private boolean encryptionBegun;
    private boolean closed;
    private long nextHelp = Long.MIN_VALUE;

    /**
     * A tunnel that nothing has passed yet, without keys.
     *
     * @param peerCallId the peer's Call ID, or {@link #NOT_YET}
     * @param encryptionRequired whether no IP ever passes in clear
     * @param window orders what comes
     */
    public TunnelState(int peerCallId, boolean encryptionRequired, ReceiveWindow window) {
        this.peerCallId = peerCallId;
        this.encryptionRequired = encryptionRequired;
        this.window = window;
        gre = new GreState();
    }

    /**
     * A tunnel that goes on where another one was.
     *
     * @param window orders what comes; nothing has come to it
     */
    public TunnelState(Snapshot before, ReceiveWindow window, long now) {
        this.peerCallId = before.peerCallId();
        this.encryptionRequired = before.encryptionRequired();
        this.window = window;
        window.goOn(before.window());
        gre = new GreState(before.gre(), now);
        encryptionBegun = before.encryptionBegun();
        compressAddress = before.compressAddress();
        compressProtocol = before.compressProtocol();
        encryptor = before.encryptor().map(MppeEncryptor::new).orElse(null);
        decryptor = before.decryptor().map(MppeDecryptor::new).orElse(null);
    }

    /** What it is now. Whoever goes on with it must be the only one who sends. */
    public final Snapshot snapshot() {
        return new Snapshot(peerCallId, encryptionRequired, encryptionBegun, compressAddress, compressProtocol,
                gre.snapshot(), window.snapshot(), Optional.ofNullable(encryptor).map(MppeEncryptor::snapshot),
                Optional.ofNullable(decryptor).map(MppeDecryptor::snapshot));
    }

    /** Whether IP that comes in clear is taken: nothing demands encryption, and none is, or was, agreed. */
    public final boolean acceptsClear() {
        return !encryptionRequired && !encryptionBegun && decryptor == null;
    }

    /** Whether IP goes out in clear. It does where it is taken in clear: a link has one state for both directions. */
    public final boolean sendsClear() {
        return acceptsClear();
    }

    /** Whether IP can go out at all, encrypted or in clear. */
    public final boolean sendsIp() {
        return encryptor != null || sendsClear();
    }

    /** Whether anything can be sent: the peer's Call ID is known, and the tunnel open. */
    public final boolean canSend() {
        return !closed && peerCallId != NOT_YET;
    }

    /** The peer's Call ID is known: packets can be sent now. */
    public final void answered(int callId) {
        peerCallId = callId;
    }

    /** How the headers of data frames to the peer are shortened, as its LCP options allow (RFC 1661 sections 6.5, 6.6). */
    public final void compressHeaders(boolean addressAndControl, boolean protocol) {
        compressAddress = addressAndControl;
        compressProtocol = protocol;
    }

    /** Decrypts with fresh keys from the next packet on. Until {@link #stopEncryption} no IP passes in clear, either way. */
    public final void decrypt(MppeDecryptor fresh) {
        decryptor = fresh;
    }

    /** Encrypts with fresh keys from the next packet on. For good, no IP passes in clear, either way. */
    public final void encrypt(MppeEncryptor fresh) {
        encryptor = fresh;
        encryptionBegun = true;
    }

    /** Ends both; where encryption is required or has begun, nothing but control frames passes from then on. */
    public final void stopEncryption() {
        encryptor = null;
        decryptor = null;
    }

    /** Answers the peer's CCP Reset-Request: the next packet starts its stream anew. */
    public final void resetEncryption() {
        if (encryptor != null) {
            encryptor.reset();
        }
    }

    /** The peer has begun to count its GRE packets anew: whatever number comes next is the first. */
    public final void restartReceiving() {
        window.restart();
    }

    /** Whether a data packet of the peer has yet to be acknowledged. */
    public final boolean owesAck() {
        return gre.owesAck();
    }

    /** Milliseconds at which the acknowledgment must leave alone; {@link Long#MAX_VALUE} when none is owed. */
    public final long ackDeadline() {
        return gre.ackDeadline();
    }

    /** Milliseconds at which {@link TunnelReceiver#expire} has something to do; {@link Long#MAX_VALUE} for never. */
    public final long heldUntil() {
        return window.deadline();
    }

    /**
     * How many MPPE keys were computed, since last asked, for packets that never came: each takes about half a
     * microsecond, and a forged count asks for thousands.
     */
    public final int takeSkippedKeys() {
        return decryptor == null ? 0 : decryptor.takeSkippedKeys();
    }

    /** How many acknowledgments of the peer have come: what this end sends arrives. */
    public final long acksReceived() {
        return gre.acksReceived();
    }

    /** Ends it: nothing is sent any more, and packets held are forgotten. Doing so again has no effect. */
    public final void close() {
        closed = true;
        window.close();
    }

    /** Whether it was closed. */
    public final boolean isClosed() {
        return closed;
    }

    /** Whether it is time to call, again, for the help of CCP. */
    final boolean mayCallForHelp(long now) {
        if (now < nextHelp) {
            return false;
        }
        nextHelp = now + HELP_PAUSE;
        return true;
    }
}
