# An authority for terminals, made with openssl: root.pem, root.crl, and in certs/ a certificate for each of d1 to d4, the
# last with RSA-3072; d3 is revoked. Private keys are in keys/.
set -e
mkdir -p certs keys
openssl req -x509 -newkey rsa:2048 -nodes -keyout keys/root.key -out root.pem -subj '/CN=TEST terminals' -days 30 \
    -addext keyUsage=critical,keyCertSign,cRLSign
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n' > extensions
: > index.txt
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\ncrlnumber=number\nnew_certs_dir=.\ndefault_md=sha256\n%s\n' \
    'default_days=20
default_crl_days=10
policy=p
[p]
commonName=supplied' > authority
echo 01 > serial
echo 01 > number
for device in d1:2048 d2:2048 d3:2048 d4:3072; do
    name=${device%:*}
    openssl req -newkey rsa:${device#*:} -nodes -keyout keys/$name.key -out $name.csr -subj "/CN=TEST $name"
    openssl ca -batch -notext -config authority -cert root.pem -keyfile keys/root.key -extfile extensions \
        -in $name.csr -out certs/$name.pem
done
openssl ca -config authority -cert root.pem -keyfile keys/root.key -revoke certs/d3.pem
openssl ca -config authority -cert root.pem -keyfile keys/root.key -gencrl -out root.crl
