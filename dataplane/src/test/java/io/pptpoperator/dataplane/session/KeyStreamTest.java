package io.pptpoperator.dataplane.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pptpoperator.dataplane.datapath.Ping;
import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.gre.GreHeader;
import io.pptpoperator.protocol.ppp.PppFrame;
import io.pptpoperator.protocol.ppp.ccp.EncryptionPolicy;
import io.pptpoperator.protocol.ppp.ccp.EncryptionSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Somebody on the way forges, repeats and loses whatever he likes, in both directions: no key stream is ever used
 * twice, and what was encrypted once is never clear again.
 */
class KeyStreamTest {
    private static final Ipv4Address HOME = Ipv4Address.parse("203.0.113.7");
    private static final int GRE_DATA = 12;
    private static final List<String> FORGERIES = List.of("80fd01770004", "80fd0178000a120601000040",
            "80fd0179000a120600000040", "80fd0101000a120601000040", "80fd05770004", "80fd06770004",
            "80fd077700080101000a", "80fd0e770004", "80fd0f770004", "80fd02010004", "ff03c02101770004",
            "ff03c0210601000a", "ff03c02106770004", "ff03c02108770006 80fd", "ff03c02107770008 01010004",
            "ff03c02108770006 8021", "802101770004", "802105770004", "802106770004",
            "c22301770016 10" + "00".repeat(17), "ff03c0210a770008 00000000", "ff0300fd9000" + "5a".repeat(40));

    /** One session, and what somebody on the way does to it. */
    private static final class Attack {
        private final World world;
        private final Dialer alice;
        private final Random random;
        private final KeyStreamWitness toServer = new KeyStreamWitness();
        private final KeyStreamWitness toClient = new KeyStreamWitness();
        private final List<byte[]> recorded = new ArrayList<>();
        private final int[] sequence = new int[2];
        private final int[] callId = new int[2];
        private Ipv4Address address;
        private int loss;

        Attack(long seed, EncryptionPolicy policy, boolean stateful) {
            random = new Random(seed);
            world = new World("encryption: {policy: " + (policy == EncryptionPolicy.REQUIRED ? "Required" : "Preferred")
                    + ", keyLengths: [128], allowStateful: " + stateful + "}");
            Dialer.Plan plan = Dialer.of("alice", "secret-a").with(new EncryptionSettings(policy, Set.of(128), false));
            alice = (stateful ? plan.stateful() : plan).build();
        }

        void run() {
            world.weather(this::passes);
            Line line = LoginTest.connect(world, HOME, alice);
            address = alice.address();
            for (int i = 0; i < 150 && world.record.ends.isEmpty() && line.isOpen(); i++) {
                switch (random.nextInt(13)) {
                    case 0, 1 -> forge(line,
                            HexFormat.of().parseHex(FORGERIES.get(random.nextInt(FORGERIES.size())).replace(" ", "")));
                    case 2 -> forge(line, recorded.get(random.nextInt(recorded.size())));
                    case 3 -> loss = random.nextInt(3) == 0 ? 60 : 0;
                    case 4 -> world.run(Duration.ofMillis(random.nextInt(2_500)));
                    case 5 -> world.handOver();
                    default -> talk();
                }
                world.run(Duration.ofMillis(random.nextInt(30)));
            }
        }

        /** The same packet each time, in each direction. */
        private void talk() {
            if (alice.isUp()) {
                alice.tunnel().sendIp(Ping.request(address, World.GATEWAY, 1, 40));
            }
            world.datapath.send(Ping.request(World.GATEWAY, address, 1, 60));
        }

        private long passes(boolean up, byte[] packet) {
            (up ? toServer : toClient).see(packet);
            ByteBuffer gre = ByteBuffer.wrap(packet);
            if (GreHeader.hasSequence(gre, 0)) {
                sequence[up ? 1 : 0] = GreHeader.sequence(gre, 0);
                callId[up ? 1 : 0] = GreHeader.callId(gre, 0);
                int header = GreHeader.validate(gre, 0, packet.length);
                byte[] frame = new byte[packet.length - header];
                gre.get(header, frame);
                if (PppFrame.protocolAt(gre, header, packet.length) > 0xff) {
                    recorded.add(frame);
                }
            }
            return random.nextInt(100) < loss ? World.Weather.LOST : 0;
        }

        private void forge(Line line, byte[] frame) {
            boolean up = random.nextBoolean();
            int direction = up ? 1 : 0;
            ByteBuffer packet = ByteBuffer.allocate(GRE_DATA + frame.length);
            GreHeader.writeData(packet, 0, callId[direction], frame.length, ++sequence[direction]);
            packet.put(GRE_DATA, frame);
            if (up) {
                world.datapath.receive(HOME, packet.array());
            } else {
                line.peer().gre(packet.array());
            }
        }
    }

    @Property(tries = 150)
    void noKeyStreamIsUsedTwiceWhateverSomebodyOnTheWayDoes(@ForAll long seed, @ForAll boolean required,
            @ForAll boolean stateful) {
        EncryptionPolicy policy = required ? EncryptionPolicy.REQUIRED : EncryptionPolicy.PREFERRED;
        new Attack(seed, policy, stateful).run();
    }

    @Example
    void theWitnessSeesAKeyStreamThatIsUsedTwice() {
        KeyStreamWitness toServer = new KeyStreamWitness();
        byte[] frame = HexFormat.of().parseHex("ff0300fd9000" + "5a".repeat(20));
        ByteBuffer packet = ByteBuffer.allocate(GRE_DATA + frame.length);
        GreHeader.writeData(packet, 0, 1, frame.length, 7);
        packet.put(GRE_DATA, frame);
        toServer.see(packet.array());
        assertThat(toServer.encrypted()).isEqualTo(1);
        assertThatThrownBy(() -> toServer.see(packet.array())).hasMessageContaining("key stream");
    }
}
