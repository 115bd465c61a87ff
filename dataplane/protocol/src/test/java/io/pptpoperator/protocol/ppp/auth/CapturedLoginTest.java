package io.pptpoperator.protocol.ppp.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.pptpoperator.protocol.capture.CaptureFile;
import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeStartKeys;
import io.pptpoperator.protocol.mppe.MppeVerdict;
import io.pptpoperator.protocol.ppp.PppProtocol;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The logins of pptp-linux clients at pptpd servers, as captured, and what they encrypted afterwards. */
class CapturedLoginTest {
    private static final Credentials PASSWORD = new Credentials.Password("test123");
    private static final String USER = "testvpn1";
    private static final int SERVER_ADDRESS = 0xc0a80a01;
    private static final int CLIENT_ADDRESS = 0xc0a80a64;

    /** The three packets of a CHAP login. */
    private record Login(ChapPacket.Challenge challenge, ChapPacket.Response response, ChapPacket end,
            List<byte[]> bytes) {

        static Login read(String capture) {
            List<byte[]> bytes = CaptureFile.read(capture)
                    .stream()
                    .filter(frame -> frame.protocol() == PppProtocol.CHAP)
                    .map(CaptureFile.Frame::information)
                    .toList();
            return new Login((ChapPacket.Challenge) ChapPacket.decode(bytes.get(0)),
                    (ChapPacket.Response) ChapPacket.decode(bytes.get(1)), ChapPacket.decode(bytes.get(2)), bytes);
        }

        Optional<LoginProof> verify(AuthMethod method, Credentials credentials) {
            return ChapVerifier.of(method).verify(challenge.value(), response, credentials);
        }
    }

    /** Draws what the captured end drew. */
    private static final class CapturedRandom extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final byte[] bytes;
        private final int number;

        CapturedRandom(byte[] bytes, int number) {
            this.bytes = bytes;
            this.number = number;
        }

        @Override
        public void nextBytes(byte[] target) {
            System.arraycopy(bytes, 0, target, 0, target.length);
        }

        @Override
        public int nextInt(int bound) {
            return number;
        }
    }

    private static AuthExchange server(AuthMethod method, SecureRandom random) {
        return new DecidedAtOnce(AuthExchanges.authenticator(method, new AuthenticatorSettings("pptpd", 0), random),
                new TestUsers().withPassword(USER, "test123"));
    }

    private static byte[] sent(AuthAction action) {
        return ((AuthAction.Send) action).packet();
    }

    @ParameterizedTest
    @CsvSource({"mschapv2-mppe128, MSCHAPV2", "mschapv2-mppe40, MSCHAPV2", "mschapv1-mppe128, MSCHAPV1",
            "chap-md5-nomppe, CHAP_MD5"})
    void capturedResponseProvesThePasswordAndNoOther(String capture, AuthMethod method) {
        Login login = Login.read(capture);
        assertThat(login.response().name()).asString().isEqualTo(USER);
        assertThat(login.verify(method, PASSWORD)).isPresent();
        assertThat(login.verify(method, new Credentials.Password("test124"))).isEmpty();
        assertThat(login.end()).isInstanceOf(ChapPacket.Success.class);
    }

    @ParameterizedTest
    @CsvSource({"mschapv2-mppe128", "mschapv2-mppe40"})
    void capturedServerProvesThePasswordToo(String capture) {
        Login login = Login.read(capture);
        String success = ((ChapPacket.Success) login.end()).message();
        String proof = login.verify(AuthMethod.MSCHAPV2, PASSWORD).orElseThrow().message();
        assertThat(proof.substring(0, 42)).isEqualTo(success.substring(0, 42));
    }

    @Test
    void wrongPasswordIsRefused() {
        Login login = Login.read("mschapv2-wrong-password");
        assertThat(login.verify(AuthMethod.MSCHAPV2, PASSWORD)).isEmpty();
        assertThat(login.verify(AuthMethod.MSCHAPV2, new Credentials.Password("wrong"))).isPresent();
        MsChapFailure failure = MsChapFailure.parse(((ChapPacket.Failure) login.end()).message()).orElseThrow();
        assertThat(failure.error()).isEqualTo(691);
        assertThat(failure.challenge()).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({"mschapv2-mppe128, MSCHAPV2", "mschapv2-mppe40, MSCHAPV2", "mschapv1-mppe128, MSCHAPV1"})
    void bothEndsOfTheCapturedExchangeAreReplayedByteForByte(String capture, AuthMethod method) {
        Login login = Login.read(capture);
        var server = server(method, new CapturedRandom(login.challenge().value(), login.challenge().identifier()));
        assertThat(sent(server.start(0).getFirst())).isEqualTo(login.bytes().get(0));
        List<AuthAction> verdict = server.receive(login.bytes().get(1), 1);
        assertThat(verdict.get(1)).isInstanceOf(AuthAction.Succeeded.class);

        var client = AuthExchanges.peer(method, USER, "test123", new CapturedRandom(login.response().value(), 0));
        client.start(0);
        assertThat(sent(client.receive(login.bytes().get(0), 1).getFirst())).isEqualTo(login.bytes().get(1));
        assertThat(client.receive(login.bytes().get(2), 2)).first().isInstanceOf(AuthAction.Succeeded.class);
    }

    @Test
    void capturedPapRequestIsAcknowledged() {
        byte[] request = CaptureFile.read("pap-deflate")
                .stream()
                .filter(frame -> frame.protocol() == PppProtocol.PAP)
                .findFirst()
                .orElseThrow()
                .information();
        var server = server(AuthMethod.PAP, new SecureRandom());
        server.start(0);
        assertThat(server.receive(request, 1)).last()
                .isEqualTo(new AuthAction.Succeeded(USER, AuthMethod.PAP, Optional.empty(), LoginGrant.NONE));
    }

    @ParameterizedTest
    @CsvSource({"mschapv2-mppe128, MSCHAPV2, 128", "mschapv2-mppe40, MSCHAPV2, 40", "mschapv1-mppe128, MSCHAPV1, 128"})
    void everyEncryptedFrameDecryptsToWhatItCarries(String capture, AuthMethod method, int bits) {
        Login login = Login.read(capture);
        MppeStartKeys serverKeys = login.verify(method, PASSWORD).orElseThrow().mppeKeys().orElseThrow();
        var client = AuthExchanges.peer(method, USER, "test123", new CapturedRandom(login.response().value(), 0));
        client.start(0);
        client.receive(login.bytes().get(0), 1);
        var succeeded = (AuthAction.Succeeded) client.receive(login.bytes().get(2), 2).getFirst();
        MppeStartKeys clientKeys = succeeded.mppeKeys().orElseThrow();

        var stateless = new MppeParameters(bits, true);
        MppeDecryptor fromClient = serverKeys.decryptor(stateless);
        MppeDecryptor fromServer = clientKeys.decryptor(stateless);
        List<CaptureFile.Frame> frames = CaptureFile.read(capture)
                .stream()
                .filter(frame -> frame.protocol() == PppProtocol.COMPRESSED)
                .toList();
        var batch = new MppeBatch(frames.size());
        ByteBuffer buffer = ByteBuffer.allocateDirect(frames.size() * 1_500);
        for (int k = 0; k < frames.size(); k++) {
            CaptureFile.Frame frame = frames.get(k);
            buffer.put(k * 1_500, frame.information());
            batch.decrypt(frame.fromClient() ? fromClient : fromServer, buffer, k * 1_500, frame.information().length,
                    frame.sequence());
        }
        batch.finish();
        int pings = 0;
        for (int k = 0; k < frames.size(); k++) {
            assertThat(batch.verdict(k)).isEqualTo(MppeVerdict.OK);
            byte[] data = new byte[frames.get(k).information().length - 2];
            buffer.get(k * 1_500 + 2, data);
            int field = data[0] == 0 ? 2 : 1;
            ByteBuffer packet = ByteBuffer.wrap(Arrays.copyOfRange(data, field, data.length));
            if (data[field - 1] == 0x57) {
                checkIpv6(packet);
            } else {
                checkPing(packet, frames.get(k).fromClient());
                pings++;
            }
        }
        // Three of 56 bytes and three of 1,300, each with its answer.
        assertThat(pings).isEqualTo(12);
    }

    private static void checkPing(ByteBuffer packet, boolean request) {
        assertThat(packet.getShort(2)).isEqualTo((short) packet.capacity());
        assertThat(checksum(packet, 0, 20)).isZero();
        assertThat(packet.get(9)).isEqualTo((byte) 1);
        assertThat(packet.getInt(12)).isEqualTo(request ? CLIENT_ADDRESS : SERVER_ADDRESS);
        assertThat(packet.getInt(16)).isEqualTo(request ? SERVER_ADDRESS : CLIENT_ADDRESS);
        assertThat(packet.get(20)).isEqualTo((byte) (request ? 8 : 0));
        assertThat(checksum(packet, 20, packet.capacity())).isZero();
        int payload = 28;
        assertThat(packet.capacity() - payload).isIn(56, 1_300);
        for (int k = 16; payload + k < packet.capacity(); k++) {
            assertThat(packet.get(payload + k)).isEqualTo((byte) k);
        }
    }

    /** The clients' kernels also speak IPv6: neighbour discovery and multicast listener reports. */
    private static void checkIpv6(ByteBuffer packet) {
        assertThat(packet.get(0) >> 4).isEqualTo(6);
        assertThat(packet.getShort(4) & 0xffff).isEqualTo(packet.capacity() - 40);
        assertThat(packet.getShort(8)).isEqualTo((short) 0xfe80);
    }

    private static int checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int k = from; k < to; k += 2) {
            sum += packet.getShort(k) & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
