<?php
// Scenario A: a PHP page that reads accounts for a signed-in user, with nothing but PHP and its curl extension.
// Served by `php -S`, which hands every path to this file.

$instance = getenv('SNOW_URL');
$client_id = getenv('SNOW_CLIENT_ID');
$client_secret = getenv('SNOW_CLIENT_SECRET');
$redirect_uri = 'http://' . $_SERVER['HTTP_HOST'] . '/callback';

session_start();

function send($url, $options) {
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_PROXY => '']);
    $body = curl_exec($curl);
    if ($body === false) {
        throw new Exception(curl_error($curl));
    }
    $answer = ['status' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE), 'body' => json_decode($body, true)];
    curl_close($curl);
    return $answer;
}

function show($facts) {
    header('Content-Type: application/json');
    echo json_encode($facts);
    exit;
}

function token_request($overrides = []) {
    global $instance, $client_id, $client_secret, $redirect_uri;
    $form = $overrides + [
        'grant_type' => 'authorization_code',
        'client_id' => $client_id,
        'client_secret' => $client_secret,
        'redirect_uri' => $redirect_uri,
        'code' => $_SESSION['code'],
    ];
    return send("$instance/oauth_token.do", [CURLOPT_POST => true, CURLOPT_POSTFIELDS => http_build_query($form)]);
}

function accounts($access_token) {
    global $instance;
    return send("$instance/api/now/table/customer_account?sysparm_limit=10", [
        CURLOPT_HTTPHEADER => ["Authorization: Bearer $access_token", 'Accept: application/json'],
    ]);
}

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/':
        $_SESSION['state'] = bin2hex(random_bytes(16));
        $query = http_build_query([
            'response_type' => 'code',
            'client_id' => $client_id,
            'redirect_uri' => $redirect_uri,
            'state' => $_SESSION['state'],
        ]);
        header("Location: $instance/oauth_auth.do?$query", true, 302);
        exit;
    case '/callback':
        if (!hash_equals($_SESSION['state'], $_GET['state'] ?? '')) {
            show(['refused' => 'the state is not ours', 'query' => $_GET]);
        }
        if (isset($_GET['error'])) {
            show(['error' => $_GET['error']]);
        }
        $_SESSION['code'] = $_GET['code'];
        show(['code' => strlen($_GET['code'])]);
    // What may go wrong, before the code is used.
    case '/wrong':
        show([
            'secret' => token_request(['client_secret' => 'wrong']),
            'redirect' => token_request(['redirect_uri' => 'http://127.0.0.1:1/elsewhere']),
            'code' => token_request(['code' => 'wrong']),
        ]);
    case '/accounts':
        $token = token_request();
        $_SESSION['token'] = $token['body']['access_token'] ?? '';
        show(['token' => $token, 'accounts' => accounts($_SESSION['token'])]);
    // The code once more, and what became of the token that it gave.
    case '/again':
        show(['token' => token_request(), 'accounts' => accounts($_SESSION['token'])]);
    default:
        http_response_code(404);
}
