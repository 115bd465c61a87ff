package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.protocol.mppe.MppeBatch;
import io.pptpoperator.protocol.mppe.MppeDecryptor;
import io.pptpoperator.protocol.mppe.MppeEncryptor;
import io.pptpoperator.protocol.mppe.MppeParameters;
import io.pptpoperator.protocol.mppe.MppeWorkspace;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** MPPE-128 stateless: a key change and an RC4 stream per packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MppeBenchmark {
    private static final int PACKETS = 32;
    private static final int SLOT = 2048;
    private static final byte[] KEY = new byte[16];
    private static final MppeParameters PARAMETERS = new MppeParameters(128, true);

    /** Bytes of the inner packet. */
    @Param({"52", "1400"})
    public int bytes;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PACKETS * SLOT);
    private final MppeEncryptor encryptor = new MppeEncryptor(PARAMETERS, KEY);
    private final MppeEncryptor sender = new MppeEncryptor(PARAMETERS, KEY);
    private final MppeDecryptor decryptor = new MppeDecryptor(PARAMETERS, KEY);
    private final MppeBatch batch = new MppeBatch(PACKETS);
    private final MppeWorkspace workspace = new MppeBatch(1).workspace();
    private final byte[] plain = new byte[SLOT];
    private final byte[] encrypted = new byte[SLOT];
    private int sequence;

    /** A batch of packets, as the datapath does it. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer encryptBatch() {
        encryptAll(encryptor);
        return buffer;
    }

    /** A batch encrypted and decrypted again: decrypting alone is this less {@link #encryptBatch}. */
    @Benchmark
    @OperationsPerInvocation(PACKETS)
    public ByteBuffer encryptAndDecryptBatch() {
        encryptAll(sender);
        for (int i = 0; i < PACKETS; i++) {
            batch.decrypt(decryptor, buffer, i * SLOT, bytes + 4, sequence++);
        }
        batch.finish();
        batch.clear();
        return buffer;
    }

    private void encryptAll(MppeEncryptor one) {
        for (int i = 0; i < PACKETS; i++) {
            // What is decrypted must look like an IP packet, or the search for its key would be measured.
            buffer.putShort(i * SLOT + 2, (short) 0x0021).putInt(i * SLOT + 4, 0x4500_0000 | bytes);
            batch.encrypt(one, buffer, i * SLOT, bytes + 4);
        }
        batch.finish();
        batch.clear();
    }

    /** One packet after the other. */
    @Benchmark
    public ByteBuffer encryptSingly() {
        encryptor.encrypt(buffer, 0, bytes + 4, workspace);
        return buffer;
    }

    /** What the JDK's RC4 takes with a new key per packet, without MPPE's key change and header. */
    @Benchmark
    public int jdkRc4() throws GeneralSecurityException, ShortBufferException {
        plain[0]++;
        Cipher cipher = Cipher.getInstance("RC4");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(plain, 0, 16, "RC4"));
        return cipher.update(plain, 0, bytes, encrypted);
    }
}
