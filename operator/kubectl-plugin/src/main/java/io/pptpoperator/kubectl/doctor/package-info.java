/**
 * {@code kubectl pptp doctor}: what keeps a server or a user from working. {@code ServerExam} and {@code UserExam}
 * look; the diagnoses are pure functions from what they saw to findings.
 */
package io.pptpoperator.kubectl.doctor;
