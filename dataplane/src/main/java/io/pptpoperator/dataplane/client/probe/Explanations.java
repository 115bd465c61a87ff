package io.pptpoperator.dataplane.client.probe;

import io.pptpoperator.dataplane.client.SessionEnd;
import io.pptpoperator.dataplane.linux.Errno;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.auth.LoginFailure;
import io.pptpoperator.protocol.ppp.link.TerminationReason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What failures mean, what Windows would say, and what to look at. */
final class Explanations {

    private Explanations() {}

    static Advice name(String server) {
        return Advice.of(WindowsError.NAME_NOT_RESOLVED,
                "The name does not lead to an IPv4 address; PPTP knows no other.", "the spelling of " + server,
                "whether this machine's name servers answer: getent ahostsv4 " + server,
                "the server's address in place of its name");
    }

    static Advice tcp(Fact.TcpFailed.Trouble trouble, int port) {
        return switch (trouble) {
            case REFUSED -> Advice.of(WindowsError.UNREACHABLE,
                    "The host answers, but nothing listens on its TCP port " + port + ", or a firewall refuses for it.",
                    "whether the PPTP server runs: ss -ltnp sport = :" + port + " on its host",
                    "whether the address is the server's, or its router has to forward the port to it",
                    "firewall rules that reject the port");
            case TIMED_OUT -> Advice.of(WindowsError.UNREACHABLE,
                    "Nothing comes back from TCP port " + port + ": the host is off, or a firewall drops the packets.",
                    "a firewall at the server, or at its provider, that lacks a rule for TCP " + port,
                    "whether this network lets TCP " + port + " out: try from another one",
                    "whether the address is still the server's");
            case NO_ROUTE -> Advice.of(WindowsError.UNREACHABLE, "There is no way to the server from here.",
                    "this machine's routes: ip route get SERVER", "whether this machine is online at all");
            case OTHER -> Advice.of(WindowsError.UNREACHABLE, "The TCP connection could not be opened.",
                    "the error above", "this machine's firewall");
        };
    }

    static Advice control() {
        return Advice.of(WindowsError.NO_CONNECTION,
                "Something listens on the port, but it does not open a PPTP control connection.",
                "whether it is a PPTP server at all, and not another program on its port",
                "a limit on connections, or a list of allowed addresses, at the server (with some servers: hosts.allow)",
                "the server's log at this moment");
    }

    static Advice call() {
        return Advice.of(WindowsError.NO_CONNECTION,
                "The server takes the control connection and refuses the call, or hangs up over it.",
                "whether all of the server's sessions or addresses are in use",
                "the server's log: it may be unable to start its PPP program",
                "whether the server is being shut down or drained");
    }

    /** What an error number says about GRE on its way, as a clause. */
    static String refusal(int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES -> "this machine's own firewall refuses to send GRE";
            case Errno.ENOPROTOOPT -> "the other end says that it does not know the protocol GRE";
            case Errno.EHOSTUNREACH, Errno.ENETUNREACH, Errno.ECONNREFUSED ->
                "a router or firewall says that GRE does not get through";
            case Errno.EMSGSIZE -> "a router says that the packets are too big";
            default -> "sending GRE fails: " + Errno.describe(errno);
        };
    }

    static Advice greRefused(int errno) {
        return errno == Errno.EPERM || errno == Errno.EACCES
                ? Advice.of(WindowsError.NO_CONNECTION, "GRE does not even leave this machine.",
                        "this machine's firewall: allow IP protocol 47 out and in (nft list ruleset, iptables-save)")
                : Advice.of(WindowsError.NO_RESPONSE,
                        "GRE, IP protocol 47, is turned back on its way; TCP 1723 alone is not enough.",
                        "the server's firewall: allow IP protocol 47 beside TCP 1723",
                        "a router or cloud load balancer in front of the server that forwards TCP only");
    }

    static Advice greOut() {
        return Advice.of(WindowsError.NO_CONNECTION,
                "GRE, IP protocol 47, comes from the server but does not get to it: something on the way out drops it.",
                "this network's router: switch 'PPTP passthrough' on, or its PPTP helper off and on",
                "the firewall of this machine and this network: allow IP protocol 47 out",
                "the server's firewall: allow IP protocol 47 in, not only TCP 1723",
                "another client behind the same router with the same call: restart the router's PPTP helper");
    }

    static Advice greBack() {
        return Advice.of(WindowsError.GRE_BLOCKED,
                "The call is up, but none of the server's GRE packets, IP protocol 47, arrives. A server begins to send at"
                        + " once, whether or not ours get to it, so at least the way back is blocked. (Windows shows 619 or"
                        + " 721 in some versions.)",
                "this network's router: switch 'PPTP passthrough' on; many mobile and guest networks drop GRE altogether",
                "the server's firewall: allow IP protocol 47 in and out, not only TCP 1723",
                "a router or load balancer in front of the server: it must pass GRE both ways, which port forwarding does"
                        + " not do",
                "in Kubernetes or Docker: the pod needs hostNetwork or a routed address, since Services carry no GRE",
                "the same probe from another network, to tell which end it is");
    }

    static Advice noCommonMethod(List<String> demanded, List<AuthMethod> allowed) {
        return Advice.of(WindowsError.LCP_TERMINATED,
                "The two ends have no authentication method in common: the server demands "
                        + String.join(", ", demanded) + ", and here "
                        + allowed.stream().map(AuthMethod::label).collect(Collectors.joining(", ")) + " is allowed.",
                "the server's settings: switch MS-CHAPv2 on",
                "--auth with one of the server's methods, if you can answer for it: pap shows the password to the server"
                        + " and everybody on the way");
    }

    static Advice lcp(Optional<SessionEnd> end) {
        if (end.flatMap(SessionEnd::reason).filter(why -> why == TerminationReason.LOOPBACK).isPresent()) {
            return Advice.of(WindowsError.LOOPBACK,
                    "What is sent comes back: the tunnel's packets do not get to a server.",
                    "whether the address is this machine's own", "routers that reflect GRE");
        }
        return Advice.of(WindowsError.LCP_TERMINATED,
                "GRE passes both ways, but the two ends did not agree on how to talk (LCP).",
                "the server's log of its PPP negotiation", "heavy packet loss: the same probe a second time",
                "whether the server still starts: its first packets may come seconds after the call");
    }

    static Advice noLoginDemanded() {
        return Advice.of(
                "The server lets everybody in: it demands no login, so there are no keys for encryption either.",
                "the server's settings: require MS-CHAPv2 (pppd: require-mschap-v2)");
    }

    static Advice login(SessionEnd end) {
        LoginFailure failure = end.loginFailure().orElse(null);
        if (failure == null) {
            return Advice.of(WindowsError.TERMINATED, "The server hung up in the middle of the login.",
                    "the server's log: its user database may be out of reach",
                    "the user name: some servers hang up on unknown users");
        }
        return switch (failure) {
            case BAD_CREDENTIALS, RADIUS_REJECTED, TOO_MANY_FAILURES, METHOD_NOT_POSSIBLE -> Advice.of(
                    WindowsError.BAD_CREDENTIALS, "The server does not accept the name and the password.",
                    "the password, letter for letter: capitals and keyboard layout count",
                    "the name: with or without DOMAIN\\ in front",
                    "whether the server knows this user for this method: a password stored as a hash serves MS-CHAP only");
            case DISABLED -> Advice.of(WindowsError.ACCOUNT_DISABLED,
                    "The password is right, but the account is disabled.", "the account at the server");
            case EXPIRED -> Advice.of(WindowsError.PASSWORD_EXPIRED, "The password is right, but it has expired.",
                    "the account's end date at the server");
            case OUTSIDE_HOURS -> Advice.of(WindowsError.RESTRICTED_HOURS,
                    "The password is right, but the server does not let this user in at this time.",
                    "the hours that the user's profile allows, and in which time zone");
            case SOURCE_NOT_ALLOWED, QUOTA_USED_UP, PROFILE_MISSING, SESSION_LIMIT, NO_ADDRESS,
                    REFUSED ->
                Advice.of(WindowsError.NOT_PERMITTED,
                        "The password is right, but the server does not let this user in now, or not from here.",
                        "whether the user is connected already, and how often that is allowed",
                        "whether this address and hour are allowed for the user", "free addresses at the server",
                        "the server's log, which knows the reason");
            case SERVER_NOT_VERIFIED -> Advice.of(WindowsError.SERVER_NOT_VERIFIED,
                    "The server accepts the password without proving that it knows it: it may be an impostor, or its user"
                            + " database is broken.",
                    "whether the address really is the server's", "the server's user database (RADIUS attributes)");
            case TIMEOUT, NO_DECISION, RADIUS_UNREACHABLE ->
                Advice.of(WindowsError.PPP_TIMEOUT, "The server did not answer the login in time.",
                        "the server's user database, such as RADIUS: it may be out of reach", "heavy packet loss");
        };
    }

    static Advice encryptionMissing(Optional<AuthMethod> method) {
        if (method.filter(by -> !by.yieldsMppeKeys()).isPresent()) {
            return Advice.of(WindowsError.NO_REMOTE_ENCRYPTION,
                    "A login by " + method.get().label() + " yields no keys, so nothing can be encrypted.",
                    "the server's settings: require MS-CHAPv2");
        }
        return Advice.of(WindowsError.NO_REMOTE_ENCRYPTION,
                "Encryption is required here, and the two ends did not agree on MPPE.",
                "the server's settings: MPPE with 128 bits, stateless (pppd: require-mppe-128)",
                "whether the server has MPPE at all: a Linux kernel needs the module ppp_mppe",
                "--key-lengths 128,56,40 if the server is that old; 40 and 56 bits keep no secret",
                "--encryption preferred, to see whether it works in clear");
    }

    static Advice encryptionDemanded() {
        return Advice.of(WindowsError.NO_LOCAL_ENCRYPTION, "The server requires encryption in a form not offered here.",
                "--encryption required, with an MS-CHAP method among --auth",
                "--key-lengths: the server may want another one");
    }

    static Advice inClear() {
        return Advice.of(WindowsError.NO_REMOTE_ENCRYPTION,
                "The tunnel works, but not encrypted: Windows with 'require encryption' does not connect.",
                "the server's settings: require MPPE");
    }

    static Advice addresses() {
        return Advice.of(WindowsError.NO_PROTOCOL, "The login succeeded, but the server gives no address (IPCP).",
                "free addresses in the server's pool", "the server's own address of the link",
                "the server's log of its PPP negotiation");
    }

    static Advice noPing(boolean encrypted) {
        return Advice.of(
                "Nothing comes back from the server's end of the link. Many servers answer pings there, but not all"
                        + (encrypted ? "; if nothing else passes either, the two ends may have different keys." : "."),
                "the server's firewall for its PPP interfaces",
                encrypted
                        ? "with a RADIUS server: its MS-MPPE keys (known wrong with pppd 2.5.0)"
                        : "routing at the server");
    }

    static Advice noEcho() {
        return Advice.of(
                "The link came up, but LCP Echo-Requests are not answered. A client that relies on them hangs up.",
                "whether the connection was lost at this moment: the same probe again",
                "clients' settings: LCP echo off (pppd: lcp-echo-interval 0)");
    }

    static Advice lossyPath() {
        return Advice.of("Some packets get lost between here and the server.", "the path: mtr SERVER",
                "radio links and overloaded lines on the way");
    }

    static Advice noPathMtu() {
        return Advice.of("Not even small packets pass when they must not be fragmented.",
                "firewalls that drop GRE with the DF bit", "heavy packet loss: the same probe again");
    }

    static Advice smallPathMtu(int bytes) {
        int inner = bytes - 44;
        return Advice.of(
                "Full packets are fragmented or lost on the way: web pages may hang half loaded while pings work.",
                "the server's MTU for clients: at most " + inner + " bytes (" + bytes + " less the tunnel's 44)",
                "whether the server adjusts the MSS of TCP in both directions",
                "routers on the way that drop ICMP 'fragmentation needed'");
    }

    static Advice lost() {
        return Advice.of(WindowsError.DISCONNECTED, "The connection was up and ended while it was being measured.",
                "the server's log: another login of the same user may have taken its place",
                "a limit on the session's time");
    }
}
