package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.PacketAuthentication.Demand;
import io.pptpoperator.protocol.radius.RadiusCode;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a server that answers, or does not. */
class ServerStatesTest {
    private static final Fault UNSIGNED = new Fault(Fault.Kind.NO_MESSAGE_AUTHENTICATOR, "answers unsigned");
    private static final Fault FORGED = new Fault(Fault.Kind.NOT_BELIEVED, "is answered for by somebody");

    private Instant now = Instant.EPOCH;
    private final ServerStates states = new ServerStates(() -> now);
    private final RadiusServer server = new RadiusServer("radius:1812", 0,
            Optional.of(InetSocketAddress.createUnresolved("radius", 1812)), Optional.empty(),
            new PacketAuthentication(new byte[]{1}), Demand.MESSAGE_AUTHENTICATOR, Optional.empty());

    ServerStatesTest() {
        states.retain(List.of("radius:1812"));
    }

    private ServerState state() {
        now = now.plusSeconds(1);
        return states.all().getFirst();
    }

    private void answered() {
        states.answered(server, Purpose.LOGIN, RadiusCode.ACCESS_REJECT, 7);
    }

    private void silent(Fault fault) {
        states.silent(server, Purpose.LOGIN, fault);
    }

    @Test
    void nothingIsKnownBeforeItIsAsked() {
        assertThat(state().reachable()).isEmpty();
        assertThat(state().reason()).isEqualTo("Unknown");
    }

    @Test
    void anAnswerIsOneWhateverItSaysAndSilenceIsNone() {
        answered();
        assertThat(state()).extracting(ServerState::reachable, ServerState::millis)
                .containsExactly(Optional.of(true), 7L);
        silent(Fault.SILENT);
        assertThat(state()).extracting(ServerState::reachable, ServerState::reason, ServerState::message)
                .containsExactly(Optional.of(false), "NoAnswer", "it does not answer");
    }

    @Test
    void itIsKnownSinceWhen() {
        answered();
        Instant since = state().since();
        answered();
        assertThat(state().since()).isEqualTo(since);
        silent(Fault.SILENT);
        assertThat(state().since()).isAfter(since);
    }

    /** NPS is one. */
    @Test
    void aServerThatDoesNotKnowTheQuestionWhetherItIsThereIsNotCalledAway() {
        states.probed(server, Optional.of(Fault.SILENT));
        assertThat(state().reachable()).isEmpty();
        assertThat(state().message()).contains("Status-Server");
        answered();
        states.probed(server, Optional.of(Fault.SILENT));
        assertThat(state().reachable()).contains(true);
    }

    @Test
    void aServerThatKnewTheQuestionAndIsSilentIsAway() {
        states.probed(server, Optional.empty());
        assertThat(state().reachable()).contains(true);
        states.probed(server, Optional.of(Fault.SILENT));
        assertThat(state().reachable()).contains(false);
        states.probed(server, Optional.of(FORGED));
        assertThat(state().reason()).isEqualTo("NotBelieved");
    }

    @Test
    void onlyALoginShowsThatAServerSignsNow() {
        silent(UNSIGNED);
        assertThat(state().reason()).isEqualTo("MessageAuthenticatorMissing");
        states.probed(server, Optional.empty());
        assertThat(state().reason()).isEqualTo("MessageAuthenticatorMissing");
        answered();
        assertThat(state().reachable()).contains(true);
    }

    @Test
    void whatTheSettingsNoLongerNameIsForgotten() {
        states.notFound("radius:1812", "no IPv4 address has this name");
        assertThat(state().reason()).isEqualTo("NameNotFound");
        states.retain(List.of("other:1812"));
        answered();
        assertThat(states.all()).extracting(ServerState::name).containsExactly("other:1812");
    }
}
