package io.pptpoperator.protocol.ppp.link;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.auth.AuthMethod;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import io.pptpoperator.protocol.ppp.ipcp.AddressPlan;
import io.pptpoperator.protocol.ppp.lcp.EchoSettings;
import java.util.List;
import java.util.Set;

/** Links as the tests want them: the addresses are those of the captures. */
final class LinkConfigs {
    static final String PASSWORD = "test123";
    static final AddressPlan PLAN = new AddressPlan(Ipv4Address.parse("192.168.10.1"),
            Ipv4Address.parse("192.168.10.100"),
            List.of(Ipv4Address.parse("8.8.8.8"), Ipv4Address.parse("114.114.114.114")), List.of());
    static final EncryptionSettings PREFERRED = new EncryptionSettings(EncryptionPolicy.PREFERRED, Set.of(128), false);
    static final List<AuthMethod> ALL_METHODS = AuthMethod.ofPasswords();

    private LinkConfigs() {}

    static LinkConfig server(EncryptionSettings encryption) {
        return server(encryption, ALL_METHODS);
    }

    static LinkConfig server(EncryptionSettings encryption, List<AuthMethod> methods) {
        return server(encryption, methods, FakeExchange.server(PASSWORD));
    }

    static LinkConfig server(EncryptionSettings encryption, List<AuthMethod> methods, AuthExchangeFactory exchanges) {
        return new LinkConfig(new LinkRole.Server(methods, exchanges), 1400, encryption, EchoSettings.STANDARD,
                LinkTimers.STANDARD);
    }

    static LinkConfig client(EncryptionSettings encryption) {
        return client(encryption, ALL_METHODS, PASSWORD);
    }

    static LinkConfig client(EncryptionSettings encryption, List<AuthMethod> methods, String password) {
        return new LinkConfig(new LinkRole.Client(methods, FakeExchange.client(password), Ipv4Address.ANY, true), 1400,
                encryption, EchoSettings.STANDARD, LinkTimers.STANDARD);
    }
}
