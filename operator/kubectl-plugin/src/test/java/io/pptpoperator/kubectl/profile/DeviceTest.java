package io.pptpoperator.kubectl.profile;

import static io.pptpoperator.kubectl.Resources.server;
import static io.pptpoperator.kubectl.Resources.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.address.Ipv4Prefix;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeviceTest {

    private static final List<Ipv4Prefix> EVERYTHING = List.of();
    private static final List<Ipv4Prefix> OFFICE = List.of(Ipv4Prefix.parse("10.0.0.0/8"),
            Ipv4Prefix.parse("192.168.3.0/24"));
    /** With everything that some syntax takes for its own. */
    private static final String PASSWORD = "it's, \"50%\" of $x\\?";

    private static DialSettings dial(String serverSpec, String userSpec, Optional<String> password,
            List<Ipv4Prefix> destinations) {
        return DialSettings.of(server(serverSpec, ""), user(userSpec, ""), "203.0.113.1", password, destinations);
    }

    private static DialSettings usual() {
        return dial("", "", Optional.of("s3cret"), EVERYTHING);
    }

    @Test
    void windows() {
        assertThat(Device.WINDOWS.text(usual())).isEqualTo("""
                Add-VpnConnection -Name 'office' -ServerAddress '203.0.113.1' -TunnelType Pptp \
                -AuthenticationMethod MSChapv2 -EncryptionLevel Required -RememberCredential -Force
                rasdial 'office' 'alice' 's3cret'
                """);
    }

    @Test
    void windowsWithSomeNetworksBehindTheTunnelAndAPasswordToType() {
        assertThat(Device.WINDOWS.text(dial("", "username: 'OFFICE\\alice'", Optional.empty(), OFFICE))).isEqualTo("""
                Add-VpnConnection -Name 'office' -ServerAddress '203.0.113.1' -TunnelType Pptp \
                -AuthenticationMethod MSChapv2 -EncryptionLevel Required -SplitTunneling -RememberCredential -Force
                Add-VpnConnectionRoute -ConnectionName 'office' -DestinationPrefix 10.0.0.0/8
                Add-VpnConnectionRoute -ConnectionName 'office' -DestinationPrefix 192.168.3.0/24
                rasdial 'office' 'OFFICE\\alice' *
                """);
    }

    @Test
    void windowsFollowsTheServersMethodsAndEncryption() {
        assertThat(Device.WINDOWS.text(dial("authentication: {methods: [PAP, CHAP-MD5]}, encryption: {policy: 'Off'}",
                "", Optional.empty(), EVERYTHING)))
                .contains("-AuthenticationMethod Chap,Pap -EncryptionLevel NoEncryption ");
        assertThat(Device.WINDOWS.text(dial("encryption: {keyLengths: [40]}", "", Optional.empty(), EVERYTHING)))
                .contains("AllowPptpWeakCrypto");
        assertThat(Device.WINDOWS.text(dial("authentication: {methods: [MSCHAPv1]}", "", Optional.empty(), EVERYTHING)))
                .startsWith("# Windows has no authentication method in common")
                .doesNotContain("Add-VpnConnection");
    }

    @Test
    void networkManager() {
        assertThat(Device.NETWORK_MANAGER.text(usual())).isEqualTo("""
                # needs the package network-manager-pptp (Fedora: NetworkManager-pptp)
                nmcli connection add type vpn vpn-type pptp con-name 'office' \\
                    vpn.data 'gateway = 203.0.113.1, user = alice, password-flags = 0, refuse-eap = yes, \
                refuse-pap = yes, refuse-chap = yes, refuse-mschap = yes, require-mppe-128 = yes, nobsdcomp = yes, \
                nodeflate = yes, no-vj-comp = yes, lcp-echo-interval = 20, lcp-echo-failure = 6' \\
                    vpn.secrets 'password = s3cret'
                nmcli connection up 'office'
                """);
    }

    @Test
    void networkManagerWithSomeNetworksBehindTheTunnelAndAPasswordToType() {
        assertThat(Device.NETWORK_MANAGER.text(dial("", "", Optional.empty(), OFFICE))).contains("password-flags = 2")
                .doesNotContain("vpn.secrets")
                .endsWith("""
                         \\
                            ipv4.never-default yes ipv4.routes '10.0.0.0/8,192.168.3.0/24'
                        nmcli --ask connection up 'office'
                        """);
    }

    @Test
    void pptpLinux() {
        assertThat(Device.PPTP_LINUX.text(usual())).isEqualTo("""
                # needs the package pptp-linux
                install -m 600 /dev/null /etc/ppp/peers/office
                cat > /etc/ppp/peers/office <<'END-OF-OPTIONS'
                pty "pptp 203.0.113.1 --nolaunchpppd"
                linkname office
                user "alice"
                password "s3cret"
                noauth
                refuse-eap
                refuse-pap
                refuse-chap
                refuse-mschap
                require-mppe-128
                nobsdcomp
                nodeflate
                novj
                noipdefault
                usepeerdns
                nodefaultroute
                mtu 1400
                mru 1400
                lcp-echo-interval 20
                lcp-echo-failure 6
                END-OF-OPTIONS
                server=$(getent ahostsv4 203.0.113.1 | sed -n '1s/ .*//p')
                ip route replace $server $(ip -4 route get $server | sed -n '1s/^[^ ]* \\(.*\\) src .*/\\1/p')
                pppd call office updetach
                for network in 0.0.0.0/1 128.0.0.0/1; do
                    ip route replace $network dev "$(sed -n 2p /run/ppp-office.pid)"
                done
                """);
    }

    @Test
    void pptpLinuxWithSomeNetworksBehindTheTunnel() {
        assertThat(Device.PPTP_LINUX.text(dial("", "", Optional.empty(), OFFICE)))
                .contains("for network in 10.0.0.0/8 192.168.3.0/24; do", "# password \"...\"")
                .doesNotContain("getent");
    }

    @Test
    void mikroTik() {
        assertThat(Device.MIKROTIK.text(usual())).isEqualTo("""
                /ppp profile add name="office-pptp" use-encryption=required use-compression=no change-tcp-mss=yes
                /interface pptp-client add name="office" connect-to=203.0.113.1 user="alice" password="s3cret" \
                allow=mschap2 profile="office-pptp" add-default-route=yes disabled=no
                """);
    }

    @Test
    void mikroTikWithSomeNetworksBehindTheTunnelAndAPasswordToType() {
        assertThat(Device.MIKROTIK
                .text(dial("authentication: {methods: [PAP, MSCHAPv2, MSCHAPv1]}", "", Optional.empty(), OFFICE)))
                .isEqualTo(
                        """
                                /ppp profile add name="office-pptp" use-encryption=required use-compression=no change-tcp-mss=yes
                                /interface pptp-client add name="office" connect-to=203.0.113.1 user="alice" password="" \
                                allow=mschap2,mschap1,pap profile="office-pptp" add-default-route=no disabled=no
                                /ip route add dst-address=10.0.0.0/8 gateway="office"
                                /ip route add dst-address=192.168.3.0/24 gateway="office"
                                /interface pptp-client set "office" password=[:terminal ask "Password: "]
                                """);
    }

    @Test
    void passwordsAreQuotedForWhoeverReadsThem() {
        DialSettings dial = dial("", "", Optional.of(PASSWORD), EVERYTHING);

        assertThat(Device.WINDOWS.text(dial)).contains("'it''s, \"50%\" of $x\\?'");
        assertThat(Device.NETWORK_MANAGER.text(dial))
                .contains("vpn.secrets 'password = it'\\''s\\, \"50%\" of $x\\\\?'");
        assertThat(Device.PPTP_LINUX.text(dial)).contains("\npassword \"it's, \\\"50%\\\" of $x\\\\?\"\n");
        assertThat(Device.MIKROTIK.text(dial)).contains("password=\"it's, \\\"50%\\\" of \\$x\\\\\\?\"");
    }

    /** The address comes from the PptpServer, and the text is pasted into a shell, as root at that. */
    @Test
    void addressesAreQuotedForWhoeverReadsThem() {
        DialSettings dial = DialSettings.of(server("", ""), user("", ""), "x;$(reboot)'\"", Optional.of("s3cret"),
                EVERYTHING);

        assertThat(Device.PPTP_LINUX.text(dial)).contains("getent ahostsv4 'x;$(reboot)'\\''\"' |",
                "\npty \"pptp 'x;$(reboot)'\\\\''\\\"' --nolaunchpppd\"\n");
        assertThat(Device.MIKROTIK.text(dial)).contains("connect-to=\"x;\\$(reboot)'\\\"\" user=");
        assertThat(Device.NETWORK_MANAGER.text(dial)).contains("'gateway = x;$(reboot)'\\''\", user");
        assertThat(Device.WINDOWS.text(dial)).contains("-ServerAddress 'x;$(reboot)''\"' ");
    }

    @Test
    void noTextFormShowsThePassword() {
        assertThat(usual()).hasToString("DialSettings[alice at 203.0.113.1]");
    }
}
