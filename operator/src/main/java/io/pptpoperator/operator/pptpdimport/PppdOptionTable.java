package io.pptpoperator.operator.pptpdimport;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The options of pppd: how many arguments each has, and what becomes of those without a counterpart. */
final class PppdOptionTable {

    private record Row(int arguments, String fate) {}

    /** Translated: the name and the number of arguments. */
    private static final String TRANSLATED = """
            ms-dns 1
            ms-wins 1
            mtu 1
            mru 1
            idle 1
            maxconnect 1
            lcp-echo-interval 1
            lcp-echo-failure 1
            name 1
            domain 1
            debug 0
            require-pap 0
            require-chap 0
            require-mschap 0
            require-mschap-v2 0
            require-mppe 0
            require-mppe-40 0
            require-mppe-128 0
            nomppe 0
            nomppe-40 0
            nomppe-56 0
            nomppe-128 0
            mppe-stateful 0
            nomppe-stateful 0
            mppe 1
            """;

    /** Not translated: name, number of arguments, and why. A line that starts with a blank has the fate above it. */
    private static final String OTHERS = """
            lock 0 | concerns serial lines; nothing is lost
             nolock 0
             crtscts 0
             nocrtscts 0
             cdtrcts 0
             xonxoff 0
             modem 0
             local 0
             asyncmap 1
             default-asyncmap 0
             escape 1
             receive-all 0
             sync 0
             tty 0
             connect 1
             disconnect 1
             init 1
             welcome 1
             pty 1
             notty 0
             socket 1
             connect-delay 1
             holdoff 1
             maxfail 1
             persist 0
             nopersist 0
             demand 0
             updetach 0
             nodetach 0
             detach 0
             silent 0
             passive 0
             chap-timeout 1
             privgroup 1
             linkname 1
             unit 1
             ifname 1
             ipparam 1
            refuse-pap 0 | concerns how pppd proves itself to others, which a server never does; what clients must use \
            is authentication.methods
             refuse-chap 0
             refuse-mschap 0
             refuse-mschap-v2 0
             refuse-eap 0
            nobsdcomp 0 | is how the server always works: no compression, no header compression
             bsdcomp 1
             nodeflate 0
             deflate 1
             nopredictor1 0
             predictor1 0
             novj 0
             novjccomp 0
             vj-max-slots 1
             nopcomp 0
             noaccomp 0
             noccp 0
            noipx 0 | concerns a protocol that the server does not have; clients have IPv4 only
             ipx 0
             noipv6 0
             +ipv6 0
             ipv6 1
             ipv6cp-use-ipaddr 0
             multilink 0
             nomultilink 0
             mp 0
             nomp 0
             endpoint 1
             noendpoint 0
             mrru 1
             mpshortseq 0
             nompshortseq 0
            auth 0 | is how the server always works: clients have to log in
             hide-password 0
             nodefaultroute 0
             noipdefault 0
             ipcp-accept-remote 0
             ipcp-accept-local 0
             nomagic 0
             lcp-echo-adaptive 0
             noktune 0
             ktune 0
             noproxyarp 0
             noreplacedefaultroute 0
             default-options 0
            noauth 0 | has no counterpart: clients always have to log in; each needs a VpnUser
            proxyarp 0 | has no counterpart: the server does not answer for clients on the LAN. With NAT (the default) \
            clients reach the LAN under the server's address, and nothing is needed; to let the LAN reach clients, take \
            pools from a network of its own, set nat.enabled to false, and give the LAN's router a route to it
            defaultroute 0 | has no counterpart: a server never makes a client its default route
             replacedefaultroute 0
             defaultroute-metric 1
            netmask 1 | has no counterpart: every link is point-to-point
            usepeerdns 0 | concerns clients; what the server's clients are told is dns
            require-eap 0 | has no counterpart: EAP is not offered; MSCHAPv2 takes its place
            plugin 1 | has no counterpart: the server loads no plugins. Users that came from RADIUS or winbind need \
            VpnUser resources, with their passwords or NT hashes
             radius-config-file 1
             ntlm_auth-helper 1
             allowed-groups 1
             winbind-ntlm-auth 0
             chapms-strip-domain 0
            login 0 | has no counterpart: users of the system are not users of the server; each needs a VpnUser
             papcrypt 0
            file 1 | was not read: append that file's lines to this one and import again
             call 1
            user 1 | concerns how pppd proves itself to others, which a server never does
             password 1
             remotename 1
             usehostname 0
             show-password 0
            dump 0 | has no counterpart: pptp-operator's log shows what a client negotiates at level Debug
             dryrun 0
             nodump 0
             logfile 1
             logfd 1
             nologfd 0
             record 1
             kdebug 1
             nodebug 0
            chap-interval 1 | has no counterpart: a client proves its password once, at login; sessions.maxDuration \
            ends long sessions
             chap-max-challenge 1
             chap-restart 1
             pap-max-authreq 1
             pap-restart 1
             pap-timeout 1
             chap-secrets 1
             pap-secrets 1
            lcp-max-configure 1 | has no counterpart: the server's own timers fit PPTP; authentication.timeout bounds \
            the whole login
             lcp-max-failure 1
             lcp-max-terminate 1
             lcp-restart 1
             ipcp-max-configure 1
             ipcp-max-failure 1
             ipcp-max-terminate 1
             ipcp-restart 1
             ccp-max-configure 1
             ccp-max-failure 1
             ccp-max-terminate 1
             ccp-restart 1
             ipcp-no-address 0
             ipcp-no-addresses 0
            ip-up-script 1 | has no counterpart: the server runs no scripts; routes of a VpnUser, allowedDestinations \
            and the metrics do what they are mostly for
             ip-down-script 1
             ip-pre-up-script 1
             set 1
             unset 1
            active-filter 1 | has no counterpart: the server has no packet filter language; allowedDestinations says \
            what clients may reach
             pass-filter 1
             active-filter-out 1
            maxoctets 1 | has no counterpart: traffic is not limited; the metrics show it
             mo-direction 1
             mo-timeout 1
            bandwidth 1 | has no counterpart: bandwidth is not limited
            allow-ip 1 | has no counterpart: give the VpnUser an address instead
             noip 0
             allow-number 1
            """;

    private static final Map<String, Row> ROWS = rows();

    private PppdOptionTable() {}

    private static Map<String, Row> rows() {
        var rows = new HashMap<String, Row>();
        String fate = "";
        for (String line : OTHERS.lines().toList()) {
            String[] parts = line.strip().split(" \\| ", 2);
            fate = parts.length > 1 ? parts[1] : fate;
            put(rows, parts[0], fate);
        }
        TRANSLATED.lines().forEach(line -> put(rows, line, ""));
        return Map.copyOf(rows);
    }

    private static void put(Map<String, Row> rows, String nameAndArguments, String fate) {
        String[] parts = nameAndArguments.split(" ", 2);
        rows.put(parts[0], new Row(Integer.parseInt(parts[1]), fate));
    }

    /** The number of an option's arguments; -1 for what is no option. */
    static int arguments(String name) {
        return ROWS.containsKey(name) ? ROWS.get(name).arguments : -1;
    }

    /** What becomes of an option; empty when it is translated. */
    static Optional<String> fate(String name) {
        return Optional.of(ROWS.get(name).fate).filter(fate -> !fate.isEmpty());
    }
}
