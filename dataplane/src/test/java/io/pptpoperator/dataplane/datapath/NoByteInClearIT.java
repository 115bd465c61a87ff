package io.pptpoperator.dataplane.datapath;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.dataplane.linux.TunDevice;
import io.pptpoperator.protocol.ip.Packets;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The rule of {@code protocol.tunnel.NoByteInClearTest} once more, through sockets, workers and TUN: whatever CCP has done
 * to a tunnel, IP in clear passes only where nothing demands encryption, and none is or was agreed.
 */
class NoByteInClearIT {
    private static final MppeParameters MPPE = new MppeParameters(128, true);
    private static final int UDP = 17;
    private static final byte[] PAYLOAD = "in clear".repeat(8).getBytes(StandardCharsets.US_ASCII);

    /** What CCP can do to a tunnel. */
    enum Step {
        DECRYPT, ENCRYPT, STOP
    }

    private final MppeStartKeys keys = new MppeStartKeys(new byte[16], new byte[16], null, null);
    private int dropsIn;
    private int dropsOut;

    private static byte[] datagram(boolean toHost) {
        int from = toHost ? DatapathLab.CLIENT.bits() : DatapathLab.HOST.bits();
        int to = toHost ? DatapathLab.HOST.bits() : DatapathLab.CLIENT.bits();
        return Packets.ip(from, to, UDP, 0x77, 0, new byte[0], Packets.udp(from, to, 0xc001_01bb, PAYLOAD));
    }

    static List<List<Step>> histories(int steps) {
        List<List<Step>> all = new ArrayList<>(List.of(List.of()));
        for (int i = 0; all.get(i).size() < steps; i++) {
            for (Step step : Step.values()) {
                List<Step> longer = new ArrayList<>(all.get(i));
                longer.add(step);
                all.add(longer);
            }
        }
        return all;
    }

    @Test
    void clearPassesOnlyWhereNothingDemandsEncryptionAndNoneIsOrWasAgreed() {
        try (DatapathLab lab = new DatapathLab(1, TunDevice.Offload.TCP_AND_UDP, DatapathLab.OPEN)) {
            for (List<Step> history : histories(3)) {
                for (boolean required : new boolean[]{false, true}) {
                    check(lab, required, history);
                }
            }
            assertThat(dropsIn).isEqualTo(72);
            assertThat(dropsOut).as("where there is nothing to encrypt with either").isEqualTo(36);
        }
    }

    private void check(DatapathLab lab, boolean required, List<Step> history) {
        GreClient client = lab.connect(required);
        client.openNetwork(DatapathLab.CLIENT);
        boolean decrypts = false;
        boolean encrypts = false;
        for (Step step : history) {
            switch (step) {
                case DECRYPT -> client.tunnel.decrypt(keys.decryptor(MPPE));
                case ENCRYPT -> client.tunnel.encrypt(keys.encryptor(MPPE));
                case STOP -> client.tunnel.stopEncryption();
            }
            decrypts = step == Step.DECRYPT || decrypts && step != Step.STOP;
            encrypts = step == Step.ENCRYPT || encrypts && step != Step.STOP;
        }
        client.awaitWorker();
        boolean clear = !required && !history.contains(Step.ENCRYPT) && !decrypts;
        client.sendFrame(GreClient.frameInClear(datagram(true)));
        if (clear) {
            assertThat(lab.host.next()).as("required: %s, after %s", required, history).endsWith(PAYLOAD);
        } else {
            lab.awaitDrops(DropCause.NOT_ENCRYPTED, ++dropsIn);
        }
        lab.host.send(datagram(false));
        if (clear || encrypts) {
            byte[] frame = client.nextData().payload();
            assertThat(ByteBuffer.wrap(frame).getInt()).as("required: %s, after %s", required, history)
                    .isEqualTo(encrypts ? 0xff03_00fd : 0xff03_0021);
            assertThat(new String(frame, StandardCharsets.ISO_8859_1).contains("in clear")).isEqualTo(!encrypts);
        } else {
            lab.awaitDrops(DropCause.NETWORK_NOT_OPEN, ++dropsOut);
        }
        client.tunnel.close();
        client.awaitWorker();
    }
}
