package io.pptpoperator.protocol.ppp.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.ppp.ControlPacket;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.PppProtocol;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Hostile peers: whatever they send, a link answers with what it declares, in bounds, or keeps silent. */
class PppLinkFuzzTest {

    private static final List<Integer> PROTOCOLS = List.of(PppProtocol.LCP, PppProtocol.CCP, PppProtocol.IPCP,
            PppProtocol.CHAP, PppProtocol.PAP, PppProtocol.IPV6CP, PppProtocol.IPV4, PppProtocol.COMPRESSED, 0x4021);

    @Property(tries = 500)
    void randomFramesAtEveryStage(@ForAll @Size(max = 30) List<@Size(max = 60) byte[]> frames,
            @ForAll("settings") EncryptionSettings encryption, @ForAll boolean isServer, @ForAll Stage stage) {
        ScriptedPeer peer = bring(encryption, isServer, stage);
        for (byte[] frame : frames) {
            receive(peer, frame);
            peer.waits(100);
        }
        assertEndsSomeDay(peer);
    }

    @Property(tries = 1000)
    void plausiblePacketsAtEveryStage(@ForAll long seed, @ForAll("settings") EncryptionSettings encryption,
            @ForAll boolean isServer, @ForAll Stage stage) {
        ScriptedPeer peer = bring(encryption, isServer, stage);
        Random random = new Random(seed);
        List<byte[]> seen = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            seen.addAll(peer.frames);
            peer.frames.clear();
            boolean reflect = !seen.isEmpty() && random.nextInt(3) == 0;
            receive(peer, reflect ? mutate(seen.get(random.nextInt(seen.size())), random) : packet(random));
            peer.waits(random.nextInt(400));
        }
        assertEndsSomeDay(peer);
    }

    enum Stage {
        STARTED, LCP_OPEN, LOGGED_IN, UP, ENDING
    }

    private static ScriptedPeer bring(EncryptionSettings encryption, boolean isServer, Stage stage) {
        ScriptedPeer peer = new ScriptedPeer(isServer ? LinkConfigs.server(encryption) : LinkConfigs.client(encryption))
                .start();
        boolean plain = encryption.policy() == EncryptionPolicy.OFF;
        if (stage != Stage.STARTED && isServer) {
            peer.opensLcp();
            if (stage != Stage.LCP_OPEN) {
                peer.logsIn();
                if (stage != Stage.LOGGED_IN) {
                    if (!plain) {
                        peer.opensCcp();
                    }
                    peer.opensIpcp();
                }
            }
        }
        if (stage == Stage.ENDING) {
            peer.act(peer.link.terminate(TerminationReason.ADMIN, "the test ends it", peer.now));
        }
        return peer;
    }

    private static void receive(ScriptedPeer peer, byte[] frame) {
        int before = peer.frames.size();
        peer.act(peer.link.receive(frame, peer.now));
        List<byte[]> answers = peer.frames.stream().skip(before).toList();
        assertThat(answers).as("one frame causes few").hasSizeLessThanOrEqualTo(6);
        for (byte[] answer : answers) {
            assertThat(answer.length).as("an answer is no amplifier").isLessThanOrEqualTo(frame.length + 64);
            if (PppFrame.decode(answer).protocol() != PppProtocol.CHAP) {
                assertThat(ControlPacket.decode(PppFrame.decode(answer).information()).code()).isPositive();
            }
        }
    }

    /** With the peer silent from now on, echo or a timer must end the link. */
    private static void assertEndsSomeDay(ScriptedPeer peer) {
        peer.frames.clear();
        peer.waits(600_000);
        assertThat(peer.witness.terminated()).isNotNull();
        assertThat(peer.frames).hasSizeLessThan(200);
    }

    private static byte[] packet(Random random) {
        int protocol = PROTOCOLS.get(random.nextInt(PROTOCOLS.size()));
        byte[] data = new byte[random.nextInt(24)];
        random.nextBytes(data);
        int at = 0;
        while (random.nextInt(4) > 0 && at + 2 <= data.length) {
            int length = Math.min(2 + random.nextInt(5), data.length - at);
            data[at] = (byte) (random.nextBoolean() ? 1 + random.nextInt(20) : 129 + random.nextInt(4));
            data[at + 1] = (byte) length;
            at += length;
        }
        ControlPacket packet = new ControlPacket(random.nextInt(17), random.nextInt(6), data);
        return new PppFrame(protocol, packet.encode()).encode(random.nextBoolean(), random.nextBoolean());
    }

    private static byte[] mutate(byte[] frame, Random random) {
        byte[] mutated = Arrays.copyOf(frame, Math.max(1, frame.length - random.nextInt(3)));
        for (int i = random.nextInt(3); i > 0; i--) {
            mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return mutated;
    }

    @Provide
    Arbitrary<EncryptionSettings> settings() {
        return Arbitraries.of(EncryptionSettings.STRONG, EncryptionSettings.NONE,
                new EncryptionSettings(EncryptionPolicy.PREFERRED, Set.of(128, 56, 40), true));
    }
}
