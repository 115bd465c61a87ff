package io.pptpoperator.dataplane.server;

import io.pptpoperator.protocol.address.Ipv4Address;
import java.util.List;

/** What to type on a client to connect to this server: printed for the user that is made up for a trial. */
final class ConnectHelp {

    private ConnectHelp() {}

    static String text(String username, String password, List<Ipv4Address> addresses) {
        String server = addresses.isEmpty() ? "SERVER" : addresses.get(0).toString();
        String all = addresses.isEmpty()
                ? "this machine has no address but loopback"
                : String.join(", ", addresses.stream().map(Ipv4Address::toString).toList());
        return """

                Serving PPTP. Clients reach this machine at: %s
                (TCP port 1723 and IP protocol 47, GRE, must pass whatever firewall lies between.)

                User      %s
                Password  %s       made up for this run; it is gone when the server stops

                On Linux (Debian: apt-get install pptp-linux):
                  sudo pppd nodetach noauth pty "pptp %s --nolaunchpppd" user %s password %s require-mppe-128 noipdefault defaultroute usepeerdns

                On Windows (PowerShell):
                  Add-VpnConnection -Name pptp-test -ServerAddress %s -TunnelType Pptp -AuthenticationMethod MSChapv2 -EncryptionLevel Required -RememberCredential
                  rasdial pptp-test %s %s

                On MikroTik:
                  /interface pptp-client add name=pptp-test connect-to=%s user=%s password=%s allow=mschap2 profile=default-encryption disabled=no

                Stop the server with Ctrl-C.
                """
                .formatted(all, username, password, server, username, password, server, username, password, server,
                        username, password);
    }
}
