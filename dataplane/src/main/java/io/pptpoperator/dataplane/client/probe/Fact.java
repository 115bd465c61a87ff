package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;

/** Something that a probe saw. */
public sealed interface Fact {

    /** The name leads to this address. */
    record Resolved(Ipv4Address address) implements Fact {}

    /** The name leads nowhere. */
    record NotResolved(String why) implements Fact {}

    /** The TCP connection is open. */
    record TcpConnected() implements Fact {}

    /** There is no TCP connection. */
    record TcpFailed(Trouble trouble, String detail) implements Fact {

        /** How it failed. */
        public enum Trouble {
            /** A reset came back: the host is there, the port closed. */
            REFUSED,
            /** Nothing came back. */
            TIMED_OUT,
            /** A router says that there is no way, or this host has none. */
            NO_ROUTE,
            /** Something else. */
            OTHER
        }
    }

    /** The server opened the control connection under these names, quoted and escaped. */
    record ControlStarted(String host, String vendor) implements Fact {}

    /** The call is up. */
    record CallUp() implements Fact {}

    /** GRE came from the server. */
    record GreArrived() implements Fact {}

    /** The server acknowledged or answered a GRE packet from here. */
    record GreAnswered() implements Fact {}

    /** GRE was refused by this host or on its way: an error number. */
    record GreRefused(int errno) implements Fact {}

    /** The server demands a login by this method: its label, or a number for one that is not known here. */
    record Demanded(String method) implements Fact {}

    /** LCP opened; the server takes frames of this size. */
    record LcpOpened(int mru) implements Fact {}

    /** The login succeeded. */
    record LoggedIn(AuthMethod method) implements Fact {}

    /** MPPE is up. */
    record Encrypted(MppeParameters parameters) implements Fact {}

    /** IPCP is up. */
    record Addressed(AddressPlan addresses) implements Fact {}

    /** Pings went through the tunnel to the server's end of the link. */
    record Pinged(Answers answers) implements Fact {}

    /** LCP Echo-Requests were sent. */
    record Echoed(Answers answers) implements Fact {}

    /**
     * The path was measured with packets that must not be fragmented.
     *
     * @param bytes the largest outer IP packet that arrived, 0 when not even the smallest tried did
     * @param wanted the largest that was tried: what full packets of this link need, or the local interface's MTU
     */
    record PathMeasured(int bytes, int wanted) implements Fact {}

    /** The probe has done what it was asked to, and hangs up. */
    record Done() implements Fact {}

    /** The session is over. */
    record Ended(SessionEnd end) implements Fact {}

    /**
     * How many requests were answered.
     *
     * @param medianMicros microseconds from request to answer in the middle, 0 without answers
     */
    record Answers(int sent, int answered, long medianMicros) {}
}
