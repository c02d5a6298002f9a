import { defineErrors } from '../define-errors.ts';

export const tlsErrors = defineErrors({
  TLS_FLAGS_INCOMPLETE: {
    status: 400,
    when: 'the TLS flags of a server do not name one certificate',
    message: 'The TLS flags do not name one certificate: {reason}.',
    remedy: 'Give --tls-cert and --tls-key together, or --tls self-signed alone.',
  },
  TLS_FILE_UNREADABLE: {
    status: 400,
    when: 'the file of a TLS certificate or key cannot be read',
    message: 'Cannot read {file}: {reason}',
    remedy: 'Check the path, and that the user of the server may read the file.',
  },
  TLS_CERTIFICATE_INVALID: {
    status: 400,
    when: 'a TLS certificate is not one in PEM',
    message: '{file} is no usable TLS certificate: {reason}',
    remedy:
      'Give a file in PEM: the certificate of this server first, then its chain, each as "-----BEGIN CERTIFICATE-----".',
  },
  TLS_CERTIFICATE_EXPIRED: {
    status: 400,
    when: 'a TLS certificate has expired, or is not valid yet',
    message: 'The certificate {file} is valid from {from} until {until}, which is not now.',
    remedy: 'Renew the certificate, or check the clock of this machine.',
  },
  TLS_KEY_INVALID: {
    status: 400,
    when: 'a TLS key is no private key in PEM, or is encrypted',
    message: '{file} is no usable private key: {reason}',
    remedy: 'Give an unencrypted key in PEM; decrypt one with "openssl pkey -in <file> -out <file>".',
  },
  TLS_KEY_MISMATCH: {
    status: 400,
    when: 'a TLS key is not the key of the certificate',
    message: 'The key {key} does not belong to the certificate {cert}.',
    remedy:
      'Give the key that the certificate was made for; in a file with a chain the certificate of this server comes first.',
  },
});
