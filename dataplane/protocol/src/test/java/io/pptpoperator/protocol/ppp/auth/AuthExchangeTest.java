package io.pptpoperator.protocol.ppp.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both sides of every method against each other. */
class AuthExchangeTest {
    private static final String PASSWORD = "Grüße, Wörld 世界";

    private final TestUsers users = new TestUsers().withPassword("anna", PASSWORD).withNtHash("bert", PASSWORD);

    private Login login(AuthMethod method, String name, String password) {
        return new Login(method, users, name, password, packet -> false).run();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void rightPasswordIsAccepted(AuthMethod method) {
        Login login = login(method, "anna", PASSWORD);
        var server = (AuthAction.Succeeded) login.serverResults().getFirst();
        var client = (AuthAction.Succeeded) login.clientResults().getFirst();
        assertThat(server.username()).isEqualTo("anna");
        assertThat(server.method()).isEqualTo(method);
        assertThat(client.username()).isEqualTo("anna");
        assertThat(users.admitted()).containsExactly("anna");
        assertKeysMatch(server.mppeKeys(), client.mppeKeys(), method);
    }

    private static void assertKeysMatch(Optional<MppeStartKeys> server, Optional<MppeStartKeys> client,
            AuthMethod method) {
        assertThat(server.isPresent()).isEqualTo(method.yieldsMppeKeys());
        assertThat(client.isPresent()).isEqualTo(method.yieldsMppeKeys());
        if (server.isPresent()) {
            assertThat(client.get().send128()).isEqualTo(server.get().receive128());
            assertThat(client.get().receive128()).isEqualTo(server.get().send128());
            assertThat(client.get().sendShort()).isEqualTo(server.get().receiveShort());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void wrongPasswordIsRefused(AuthMethod method) {
        Login login = login(method, "anna", "guess");
        assertThat(login.serverResults()).containsExactly(new AuthAction.Failed("anna", method,
                LoginFailure.BAD_CREDENTIALS, "Authentication failed: unknown user or wrong password"));
        assertThat(login.clientResults()).singleElement().satisfies(result -> {
            var failed = (AuthAction.Failed) result;
            assertThat(failed.reason()).isEqualTo(LoginFailure.BAD_CREDENTIALS);
            assertThat(failed.detail()).startsWith("the server refused the login: ")
                    .contains("Authentication failed: unknown user or wrong password");
        });
        assertThat(users.admitted()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void unknownUserGetsTheAnswerOfAWrongPassword(AuthMethod method) {
        Login login = login(method, "nobody", PASSWORD);
        assertThat(login.serverResults()).first().extracting("reason").isEqualTo(LoginFailure.BAD_CREDENTIALS);
        var unknown = (AuthAction.Failed) login.clientResults().getFirst();
        var wrong = (AuthAction.Failed) login(method, "anna", "guess").clientResults().getFirst();
        assertThat(unknown.detail()).isEqualTo(wrong.detail());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void ntHashIsEnoughForMsChapOnly(AuthMethod method) {
        Login login = login(method, "bert", PASSWORD);
        if (method.worksWithNtHash()) {
            var succeeded = (AuthAction.Succeeded) login.serverResults().getFirst();
            assertThat(succeeded.username()).isEqualTo("bert");
        } else {
            assertThat(login.serverResults())
                    .containsExactly(new AuthAction.Failed("bert", method, LoginFailure.METHOD_NOT_POSSIBLE,
                            "only the user's NT hash is known, and the method needs the password"));
            var wrong = (AuthAction.Failed) login(method, "anna", "guess").clientResults().getFirst();
            assertThat(login.clientResults()).first().extracting("detail").isEqualTo(wrong.detail());
        }
    }

    @ParameterizedTest
    @CsvSource({"plain, true", "ünicode, false", "fifteen letters, false"})
    void shortKeysOfMsChapV1NeedALanManagerHash(String password, boolean available) {
        users.withPassword("carl", password);
        var server = (AuthAction.Succeeded) login(AuthMethod.MSCHAPV1, "carl", password).serverResults().getFirst();
        assertThat(server.mppeKeys()).hasValueSatisfying(keys -> assertThat(keys.hasShortKeys()).isEqualTo(available));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void domainAndRealmArePartOfTheNameThatIsLookedUp(AuthMethod method) {
        users.withPassword("dora@example.org", PASSWORD);
        assertThat(login(method, "OFFICE\\anna", PASSWORD).serverResults()).first()
                .extracting("username")
                .isEqualTo("anna");
        assertThat(login(method, "dora@example.org", PASSWORD).serverResults()).first()
                .extracting("username")
                .isEqualTo("dora@example.org");
        assertThat(users.lookedUp()).containsExactly("OFFICE\\anna", "dora@example.org");
    }

    @ParameterizedTest
    @CsvSource({"DISABLED, DISABLED, 647", "EXPIRED, DISABLED, 647", "SESSION_LIMIT, REFUSED, 649",
            "OUTSIDE_HOURS, OUTSIDE_HOURS, 646", "QUOTA_USED_UP, REFUSED, 649", "PROFILE_MISSING, REFUSED, 649",
            "NO_ADDRESS, REFUSED, 649", "SOURCE_NOT_ALLOWED, REFUSED, 649"})
    void refusalInSpiteOfTheRightPasswordHasItsCode(LoginFailure reason, LoginFailure seen, int error) {
        users.refusing(reason);
        Login login = login(AuthMethod.MSCHAPV2, "anna", PASSWORD);
        assertThat(login.serverResults())
                .containsExactly(new AuthAction.Failed("anna", AuthMethod.MSCHAPV2, reason, reason.message()));
        assertThat(login.clientResults()).containsExactly(new AuthAction.Failed("anna", AuthMethod.MSCHAPV2, seen,
                "the server refused the login: error " + error + " \"" + reason.message() + "\""));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EAP")
    void silentPeerIsGivenUp(AuthMethod method) {
        Login login = new Login(method, users, "anna", PASSWORD, packet -> true).run();
        assertThat(login.serverResults()).singleElement().extracting("reason").isEqualTo(LoginFailure.TIMEOUT);
        assertThat(login.clientResults()).singleElement().extracting("reason").isEqualTo(LoginFailure.TIMEOUT);
        assertThat(login.endedAt()).isBetween(28_000L, 30_000L);
    }

    /** Whichever packets are lost, both sides come to the same end. */
    @Property(tries = 200)
    void lossIsRepaired(@ForAll AuthMethod method, @ForAll long seed, @ForAll boolean right) {
        Assume.that(method != AuthMethod.EAP);
        Random network = new Random(seed);
        int[] losses = {6};
        var policy = new TestUsers().withPassword("anna", PASSWORD);
        Login login = new Login(method, policy, "anna", right ? PASSWORD : "guess",
                packet -> network.nextInt(3) == 0 && losses[0]-- > 0).run();
        Class<? extends AuthAction> expected = right ? AuthAction.Succeeded.class : AuthAction.Failed.class;
        assertThat(login.serverResults()).singleElement().isInstanceOf(expected);
        assertThat(login.clientResults()).singleElement().isInstanceOf(expected);
        if (right) {
            assertThat(policy.admitted()).hasSize(1);
            var server = (AuthAction.Succeeded) login.serverResults().getFirst();
            var client = (AuthAction.Succeeded) login.clientResults().getFirst();
            assertKeysMatch(server.mppeKeys(), client.mppeKeys(), method);
        }
    }

    @Property(tries = 500)
    void garbageIsIgnoredByBothSides(@ForAll AuthMethod method, @ForAll byte[] garbage) {
        Assume.that(method != AuthMethod.EAP);
        AuthExchange server = Login.server(method, users, 0);
        AuthExchange client = AuthExchanges.peer(method, "anna", PASSWORD, new SecureRandom());
        server.start(0);
        client.start(0);
        assertThat(server.receive(garbage, 1)).noneMatch(AuthAction.Succeeded.class::isInstance);
        assertThat(client.receive(garbage, 1)).noneMatch(AuthAction.Succeeded.class::isInstance);
    }

    /** A well-formed packet with some bytes changed: no exception, and never a login. */
    @Property(tries = 500)
    void mutatedResponsesNeverLogIn(@ForAll AuthMethod method, @ForAll long seed) {
        Assume.that(method != AuthMethod.EAP);
        Random random = new Random(seed);
        AuthExchange server = Login.server(method, users, 0);
        AuthExchange client = AuthExchanges.peer(method, "anna", PASSWORD, new SecureRandom());
        List<AuthAction> fromClient = client.start(0);
        for (AuthAction challenge : server.start(0)) {
            fromClient = client.receive(((AuthAction.Send) challenge).packet(), 0);
        }
        byte[] packet = ((AuthAction.Send) fromClient.getFirst()).packet();
        // Beyond the header, so that the packet stays one; the flags and zeros of MS-CHAP prove nothing.
        int place = method == AuthMethod.CHAP_MD5
                ? 5 + random.nextInt(16)
                : method == AuthMethod.PAP ? 10 + random.nextInt(packet.length - 10) : 29 + random.nextInt(24);
        packet[place] ^= (byte) (1 << random.nextInt(8));
        assertThat(server.receive(packet, 1)).noneMatch(AuthAction.Succeeded.class::isInstance)
                .anyMatch(AuthAction.Failed.class::isInstance);
    }

    @Test
    void namesAndPasswordsThatDoNotFitAreRefused() {
        var random = new SecureRandom();
        assertThatThrownBy(() -> AuthExchanges.peer(AuthMethod.PAP, "anna", "x".repeat(256), random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a password of 256 bytes");
        assertThatThrownBy(() -> AuthExchanges.peer(AuthMethod.MSCHAPV2, "x".repeat(257), "secret", random))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name of 257 bytes");
        assertThatThrownBy(() -> new AuthenticatorSettings("", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AuthenticatorSettings("gateway", 11)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not 11");
    }
}
