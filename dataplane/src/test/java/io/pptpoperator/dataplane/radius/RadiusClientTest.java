package io.pptpoperator.dataplane.radius;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.pptpoperator.dataplane.channel.SocketTransport;
import io.pptpoperator.dataplane.radius.RadiusClient.Outcome;
import io.pptpoperator.dataplane.radius.RadiusServer.Purpose;
import io.pptpoperator.protocol.radius.AttributeType;
import io.pptpoperator.protocol.radius.PacketAuthentication;
import io.pptpoperator.protocol.radius.RadiusAttribute;
import io.pptpoperator.protocol.radius.RadiusCode;
import io.pptpoperator.protocol.radius.RadiusException;
import io.pptpoperator.protocol.radius.RadiusPacket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RadiusClientTest {
    private static final PacketAuthentication FIRST = new PacketAuthentication("one".getBytes(StandardCharsets.UTF_8));
    private static final PacketAuthentication SECOND = new PacketAuthentication("two".getBytes(StandardCharsets.UTF_8));
    private static final StubServer.Behaviour SILENCE = (request, by) -> List.of();
    private static final StubServer.Behaviour ACCEPTANCE = (request, by) -> List.of(accept(request, by));
    /** Long enough that no answer of this machine is late, however busy it is. */
    private static final RadiusClient.Patience PATIENT = new RadiusClient.Patience(60_000, 3, 600_000);
    private static final RadiusClient.Patience QUICK = new RadiusClient.Patience(1_500, 3, 600_000);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
            SocketTransport.best().handlers());
    private final StubServer first = new StubServer(FIRST, ACCEPTANCE);
    private final StubServer second = new StubServer(SECOND, ACCEPTANCE);
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    private static byte[] accept(RadiusPacket request, PacketAuthentication by, RadiusAttribute... attributes) {
        return by.signReply(
                new RadiusPacket(RadiusCode.ACCESS_ACCEPT, request.identifier(), new byte[16], List.of(attributes)),
                request.authenticator());
    }

    private final class Told implements RadiusObserver {
        @Override
        public void answered(RadiusServer server, Purpose purpose, RadiusCode code, long millis) {
            told.add(server.name() + " " + code);
        }

        @Override
        public void silent(RadiusServer server, Purpose purpose, Fault fault) {
            told.add(server.name() + " silent");
        }

        @Override
        public void probed(RadiusServer server, Optional<Fault> fault) {
            told.add(server.name() + fault.map(it -> " " + it.kind()).orElse(" is there"));
        }

        @Override
        public void dead(RadiusServer server) {
            told.add(server.name() + " dead");
        }

        @Override
        public void notBelieved(RadiusServer server, RadiusException why) {
            told.add(server.name() + " not believed: " + why.getMessage());
        }

        @Override
        public void unexpected(RadiusServer server) {
            told.add(server.name() + " unexpected");
        }
    }

    private RadiusClient client(RadiusClient.Patience patience) {
        return new RadiusClient(group.next(),
                List.of(server("first", 0, first, FIRST), server("second", 1, second, SECOND)), patience,
                () -> System.nanoTime() / 1_000_000, new SecureRandom(), new Told());
    }

    private static RadiusServer server(String name, int priority, StubServer at, PacketAuthentication authentication) {
        return new RadiusServer(name, priority, Optional.of(at.address()), Optional.empty(), authentication,
                PacketAuthentication.Demand.MESSAGE_AUTHENTICATOR, Optional.empty());
    }

    private void ask(RadiusClient client) {
        group.next()
                .execute(() -> client.ask(Purpose.LOGIN, 0,
                        (identifier, random, authentication) -> new RadiusPacket(RadiusCode.ACCESS_REQUEST, identifier,
                                random, List.of(RadiusAttribute.of(AttributeType.USER_NAME, "alice"))),
                        outcomes::add));
    }

    private Outcome outcome() throws InterruptedException {
        Outcome outcome = outcomes.poll(120, TimeUnit.SECONDS);
        assertThat(outcome).as("an outcome").isNotNull();
        return outcome;
    }

    private String answeredBy() throws InterruptedException {
        return ((Outcome.Answered) outcome()).server().name();
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
        group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    @Test
    void theFirstServerAnswers() throws InterruptedException {
        ask(client(PATIENT));

        assertThat(answeredBy()).isEqualTo("first");
        assertThat(told).containsExactly("first ACCESS_ACCEPT");
        assertThat(second.requests).isEmpty();
    }

    /** Whoever can send a datagram must not decide anything, not even that there is no answer. */
    @Test
    void nothingForgedEndsARequest() throws InterruptedException {
        first.behave((request, by) -> {
            var answers = new ArrayList<byte[]>();
            answers.add(accept(request, SECOND));
            answers.add(new byte[]{2, (byte) request.identifier(), 0, 20});
            answers.add(new byte[]{2});
            byte[] changed = accept(request, by);
            changed[30] ^= 1;
            answers.add(changed);
            answers.add(accept(new RadiusPacket(RadiusCode.ACCESS_REQUEST, (request.identifier() + 1) % 256,
                    request.authenticator(), List.of()), by));
            answers.add(accept(request, by, RadiusAttribute.of(AttributeType.SESSION_TIMEOUT, 60)));
            return answers;
        });

        ask(client(PATIENT));

        Outcome.Answered answered = (Outcome.Answered) outcome();
        assertThat(answered.reply().number(AttributeType.SESSION_TIMEOUT)).hasValue(60);
        assertThat(told).hasSize(6).endsWith("first ACCESS_ACCEPT");
        assertThat(told.stream().filter(it -> it.contains("not believed"))).hasSize(3);
        assertThat(told.stream().filter(it -> it.contains("unexpected"))).hasSize(2);
    }

    @Test
    void aSilentServerCostsOneTimeoutOnceAndNoneAfterwards() throws InterruptedException {
        first.behave(SILENCE);
        RadiusClient client = client(QUICK);

        ask(client);
        assertThat(answeredBy()).isEqualTo("second");
        assertThat(told).contains("first silent", "first dead");
        told.clear();

        for (int k = 0; k < 5; k++) {
            ask(client);
            assertThat(answeredBy()).isEqualTo("second");
        }
        assertThat(told).doesNotContain("first silent");
        assertThat(first.requests).hasSize(1);
    }

    @Test
    void whenNobodyAnswersThatIsSaidAfterAllAttempts() throws InterruptedException {
        first.behave(SILENCE);
        second.behave(SILENCE);

        ask(client(QUICK));

        assertThat(outcome()).isInstanceOfSatisfying(Outcome.Unanswered.class,
                it -> assertThat(it.why()).endsWith("does not answer"));
        assertThat(first.requests.size() + second.requests.size()).isEqualTo(3);
        assertThat(second.requests).isNotEmpty();
    }

    /** A server may have seen the first already (RFC 2865 section 2.5). */
    @Test
    void whatIsRepeatedIsTheSameToTheByte() throws InterruptedException {
        second.behave(SILENCE);
        var seen = new ArrayList<RadiusPacket>();
        first.behave((request, by) -> {
            seen.add(request);
            return seen.size() < 2 ? List.of() : List.of(accept(request, by));
        });
        var client = new RadiusClient(group.next(), List.of(server("first", 0, first, FIRST)), QUICK,
                () -> System.nanoTime() / 1_000_000, new SecureRandom(), new Told());

        ask(client);

        assertThat(answeredBy()).isEqualTo("first");
        assertThat(first.requests.poll()).isEqualTo(first.requests.poll());
    }

    @Test
    void moreRequestsThanIdentifiersGoOutFromSeveralSockets() throws InterruptedException {
        first.behave(SILENCE);
        RadiusClient client = client(PATIENT);

        // One after the other, so that no buffer of the kernel is full and none is lost.
        for (int k = 0; k < 600; k++) {
            ask(client);
            assertThat(first.requests.poll(120, TimeUnit.SECONDS)).as("request %d", k).isNotNull();
        }

        assertThat(first.senders).hasSize(3);
        first.behave(ACCEPTANCE);
        ask(client);
        assertThat(answeredBy()).isEqualTo("first");
        assertThat(outcomes).isEmpty();
    }

    @Test
    void aServerWithoutMessageAuthenticatorIsNamedAsOne() throws InterruptedException {
        first.behave((request, by) -> {
            byte[] whole = accept(request, by);
            // The attribute is the first: without it, the packet is its header, signed again.
            byte[] bare = Arrays.copyOf(whole, 20);
            bare[3] = 20;
            System.arraycopy(request.authenticator(), 0, bare, 4, 16);
            System.arraycopy(md5(bare, "one"), 0, bare, 4, 16);
            return List.of(bare);
        });
        second.behave(SILENCE);

        ask(client(QUICK));

        outcome();
        assertThat(told).contains("first not believed: there is no Message-Authenticator");
    }

    private static byte[] md5(byte[] bytes, String secret) {
        try {
            var digest = MessageDigest.getInstance("MD5");
            digest.update(bytes);
            return digest.digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWithdrawnRequestIsNotAnsweredAndItsIdentifierIsFree() throws Exception {
        first.behave(SILENCE);
        RadiusClient client = client(PATIENT);
        group.next()
                .submit(() -> client.ask(Purpose.LOGIN, 0,
                        (identifier, random, authentication) -> new RadiusPacket(RadiusCode.ACCESS_REQUEST, identifier,
                                random, List.of()),
                        outcomes::add).run())
                .get();
        first.behave(ACCEPTANCE);

        ask(client);

        assertThat(answeredBy()).isEqualTo("first");
        assertThat(outcomes).isEmpty();
    }
}
