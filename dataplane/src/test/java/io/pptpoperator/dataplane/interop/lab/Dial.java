package io.pptpoperator.dataplane.interop.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a guest is told to connect with.
 *
 * @param server      the server's address
 * @param user        name to log in with
 * @param password    its password, without quotation marks
 * @param pppOptions  further options of pppd
 * @param pptpOptions further options of pptp
 */
public record Dial(String server, String user, String password, List<String> pppOptions, List<String> pptpOptions) {

    /** A user's login at a server, all else as pppd and pptp have it by default. */
    public static Dial to(String server, String user, String password) {
        return new Dial(server, user, password, List.of(), List.of());
    }

    /** The same with further options of pppd. */
    public Dial with(String... options) {
        return new Dial(server, user, password, joined(pppOptions, options), pptpOptions);
    }

    /** The same with further options of pptp. */
    public Dial withPptp(String... options) {
        return new Dial(server, user, password, pppOptions, joined(pptpOptions, options));
    }

    private static List<String> joined(List<String> before, String... further) {
        return Stream.concat(before.stream(), Stream.of(further)).toList();
    }

    /** The command line for the guest. */
    String commandLine() {
        // debug twice: pppd prints LCP echoes too. --nohostroute: pptp would leave a route to the server behind when it
        // ends.
        // A client with a certificate shows it by EAP; others have none of that.
        String eap = pppOptions.contains("cert") ? "" : " refuse-eap";
        return "exec " + Pppd.program() + " nodetach debug debug noauth" + eap + " noipdefault usepeerdns defaultroute"
                + " pty 'pptp " + server + " --nolaunchpppd --nohostroute " + String.join(" ", pptpOptions) + "' user '"
                + user + "' password '" + password + "' " + String.join(" ", pppOptions);
    }
}
